"""What the pages of a site know of each other, and the values a site is gathered in.

Documents and what decoding found in them -> facts of each case -> Index, with the terms
that cases share. Made before any page is rendered, so that a page can link to every
other one; reads no file.

>>> files = case_files("cases/sysrq/", ("panic-1",))
>>> files.json, files.logs
('cases/sysrq/sysrq.json', (('cases/sysrq/sysrq.log', 'cases/sysrq/sysrq.decoded.txt'),))
"""

from sitegen.web.index.anchors import PARTS, anchor_prefix, section_anchor, step_anchor
from sitegen.web.index.facts import CaseFacts, Finding, Holder, Passage, facts_of, is_named
from sitegen.web.index.site import Index, PageSummary, make_index, make_link_index
from sitegen.web.index.summary import CaseRow, CaseSummary, summarize
from sitegen.web.index.terms import (
    TAXONOMIES,
    Mention,
    Taxonomy,
    Term,
    find_terms,
    moved_terms,
    term_url,
)
from sitegen.web.index.values import CaseData, CaseFiles, Claimed, Link, Output, Page, case_files

__all__ = [
    "PARTS",
    "TAXONOMIES",
    "CaseData",
    "CaseFacts",
    "CaseFiles",
    "CaseRow",
    "CaseSummary",
    "Claimed",
    "Finding",
    "Holder",
    "Index",
    "Link",
    "Mention",
    "Output",
    "Page",
    "PageSummary",
    "Passage",
    "Taxonomy",
    "Term",
    "anchor_prefix",
    "case_files",
    "facts_of",
    "find_terms",
    "is_named",
    "make_index",
    "make_link_index",
    "moved_terms",
    "section_anchor",
    "step_anchor",
    "summarize",
    "term_url",
]
