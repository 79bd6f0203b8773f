"""Mails that tell of a crash: one, or a thread in an mbox -> Imported."""

from sitegen.authoring.mail.messages import LARGEST, Mail, is_mail, read_mails
from sitegen.authoring.mail.thread import read_thread

__all__ = ["LARGEST", "Mail", "is_mail", "read_mails", "read_thread"]
