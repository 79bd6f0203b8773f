"""Each row of the table of reports: what a log of it is called.

A case is its name, what is expected, and the log; expected lines begin with `=` (title), `~` (a
further title), `!` (corrupted) and `:` (type). All logs are made up; functions of ours are `my_...`.
"""

import re

import pytest

from sitegen.crash.log import parse
from sitegen.crash.log.oopses import OOPSES

_STACK = """Call Trace:
 <TASK>
 dump_stack_lvl+0x44/0x5c
 my_leaf+0x1a/0x20 [widget]
 my_ioctl+0x5/0x40 [widget]
 __x64_sys_ioctl+0x87/0xc0
 do_syscall_64+0x3f/0x90
 </TASK>
"""
_REGISTERS = """RIP: 0010:my_fault+0x1a/0x20 [widget]
RSP: 0018:ffffc90000a3be58 EFLAGS: 00010246
RAX: 0000000000000000 RBX: ffff888012345600 RCX: 0000000000000001
"""
_OOPS = f"""Oops: 0000 [#1] PREEMPT SMP
CPU: 1 PID: 92 Comm: sh Tainted: G           O       6.6.1 #1
{_REGISTERS}{_STACK}---[ end trace 0000000000000000 ]---
"""

CASES = f"""
### kasan, access
= KASAN: slab-use-after-free Read in my_leaf
~ bad-access in my_leaf
: KASAN-USE-AFTER-FREE-READ
BUG: KASAN: slab-use-after-free in kasan_report+0x1a/0x20
Read of size 8 at addr ffff888012345600 by task sh/92

CPU: 1 PID: 92 Comm: sh Not tainted 6.6.1 #1
{_STACK}
### kasan, access by an address
= KASAN: slab-out-of-bounds Write in my_reader
~ bad-access in my_reader
: KASAN-WRITE
BUG: KASAN: slab-out-of-bounds in my_reader+0x1a/0x20
Write at addr f7ff000012345600 by task sh/92
{_STACK}
### kasan, invalid free
= KASAN: invalid-free in my_release
~ invalid-free in my_release
: KASAN-INVALID-FREE
BUG: KASAN: double-free in kfree+0x1a/0x20
Free of addr ffff888012345600 by task sh/92
Call Trace:
 dump_stack_lvl+0x44/0x5c
 kasan_report_invalid_free+0x44/0x5c
 ____kasan_slab_free+0x44/0x5c
 kfree+0x1/0x2
 my_release+0x1/0x2
 __fput+0x1/0x2
### kasan, invalid free in old words
= KASAN: invalid-free in my_release
~ invalid-free in my_release
: KASAN-INVALID-FREE
BUG: KASAN: double-free or invalid-free in my_release+0x1/0x2
Call Trace:
 dump_stack_lvl+0x44/0x5c
 my_release+0x1/0x2
 __fput+0x1/0x2
### kasan, of an address only
= KASAN: null-ptr-deref Read
: KASAN-NULL-POINTER-DEREFERENCE-READ
BUG: KASAN: null-ptr-deref on address 0000000000000010
Read of size 8 by task sh/92
{_STACK}
### kasan, header only
= KASAN: wild-memory-access in my_leaf
! only the end of a report is there
: KASAN-READ
BUG: KASAN: wild-memory-access in my_leaf+0x1/0x2
{_STACK}
### kmsan, infoleak to usb
= KMSAN: kernel-usb-infoleak in my_send
~ KMSAN origin in my_make
: KMSAN-INFO-LEAK
BUG: KMSAN: kernel-usb-infoleak in usb_submit_urb+0x1/0x2
 usb_submit_urb+0x1/0x2
 usb_start_wait_urb+0x1/0x2
 usb_bulk_msg+0x1/0x2
 my_send+0x1/0x2
 my_open+0x1/0x2

Uninit was created at:
 slab_post_alloc_hook+0x1/0x2
 kmem_cache_alloc_node+0x1/0x2
 my_make+0x1/0x2
 my_open+0x1/0x2
### kmsan, uninit with origin stored first
= KMSAN: uninit-value in my_use
~ bad-access in my_use
: KMSAN-UNINIT-VALUE
BUG: KMSAN: uninit-value in my_use+0x1/0x2
 my_use+0x1/0x2
 my_caller+0x1/0x2

Uninit was stored to memory at:
 my_copy+0x1/0x2
 my_caller+0x1/0x2

Local variable my_value created at:
 my_origin+0x1/0x2
 my_caller+0x1/0x2
### kmsan without an origin
= KMSAN: kernel-infoleak in my_use
~ bad-access in my_use
! no function of the report can be named: the trace is missing or mixed with another
: KMSAN-INFO-LEAK
BUG: KMSAN: kernel-infoleak in _copy_to_user+0x1/0x2
 _copy_to_user+0x1/0x2
 my_use+0x1/0x2
 my_caller+0x1/0x2
### kcsan
= KCSAN: data-race in my_read / my_write
: KCSAN-DATARACE
BUG: KCSAN: data-race in my_read / my_write

write to 0xffffffff812345678 of 4 bytes by task 92 on cpu 1:
 my_write+0x1/0x2
### kfence, access
= KFENCE: out-of-bounds read in my_leaf
~ bad-access in my_leaf
: KFENCE-READ
BUG: KFENCE: out-of-bounds read in string+0x1/0x2

Out-of-bounds read at 0xffff888012345678 (32B right of kfence-#12):
 string+0x1/0x2
 my_leaf+0x1/0x2
Call Trace:
 my_leaf+0x1/0x2
 x+0x1/0x2
### kfence, invalid access
= KFENCE: invalid write in my_leaf
~ bad-access in my_leaf
: KFENCE-WRITE
BUG: KFENCE: invalid write in my_leaf+0x1/0x2
Invalid write at 0xffff888012345678:
 my_leaf+0x1/0x2
{_STACK}
### kfence, invalid free
= KFENCE: invalid free in my_leaf
~ invalid-free in my_leaf
: KFENCE-INVALID-FREE
BUG: KFENCE: invalid free in kfree+0x1/0x2

Invalid free of 0xffff888012345678 (in kfence-#12):
 my_leaf+0x1/0x2
### kfence, memory corruption
= KFENCE: memory corruption in my_leaf
: KFENCE-MEMORY-CORRUPTION
BUG: KFENCE: memory corruption in my_leaf+0x1/0x2

Corrupted memory at 0xffff888012345678 [ ! . . . ] (in kfence-#12):
 my_leaf+0x1/0x2
### page fault
= BUG: unable to handle kernel paging request in my_fault
~ bad-access in my_fault
: MEMORY_SAFETY_BUG
BUG: unable to handle page fault for address: ffffc90000a3be58
#PF: supervisor read access in kernel mode
{_OOPS}
### page fault in old words
= BUG: unable to handle kernel paging request in my_fault
~ bad-access in my_fault
: MEMORY_SAFETY_BUG
BUG: unable to handle kernel paging request at ffffc90000a3be58
IP: [<ffffffff81234567>] my_fault+0x1a/0x20
{_STACK}
### powerpc's data access
= BUG: unable to handle kernel paging request in my_fault
~ bad-access in my_fault
: MEMORY_SAFETY_BUG
BUG: Unable to handle kernel data access on read at 0xc00a000000000000
Faulting instruction address: 0xc000000000123456
Oops: Kernel access of bad area, sig: 11 [#1]
NIP:  c000000000123456 LR: c000000000123450 CTR: 0000000000000000
NIP [c000000000123456] my_fault+0x1a/0x20
LR [c000000000123450] my_caller+0x5/0x40
Call Trace:
[c000000001234000] [c000000000123450] my_caller+0x5/0x40 (unreliable)
[c000000001234020] [c000000000123490] my_ioctl+0x5/0x40
[c000000001234040] [c000000000123490] sys_ioctl+0x5/0x40
### null pointer
= BUG: unable to handle kernel NULL pointer dereference in my_fault
~ bad-access in my_fault
: NULL-POINTER-DEREFERENCE
BUG: kernel NULL pointer dereference, address: 0000000000000010
{_OOPS}
### powerpc's null pointer, called
= BUG: unable to handle kernel NULL pointer dereference in corrupted
~ bad-access in corrupted
! no function of the report can be named: the trace is missing or mixed with another
: NULL-POINTER-DEREFERENCE
BUG: Kernel NULL pointer dereference on read at 0x00000010
NIP [0000000000000000] 0x0
LR [c000000000123450] my_caller+0x5/0x40
Call Trace:
[c000000001234020] [c000000000123490] my_ioctl+0x5/0x40
[c000000001234040] [c000000000123490] sys_ioctl+0x5/0x40
### a header cut short
= BUG: unable to handle kernel
! only the end of a report is there
BUG: unable to handle kernel
{_STACK}
### spinlock
= BUG: spinlock bad magic in my_leaf
: LOCKDEP
BUG: spinlock bad magic on CPU#1, sh/92
 lock: 0xffff888012345678, .magic: 00000000, .owner: <none>/-1, .owner_cpu: 0
CPU: 1 PID: 92 Comm: sh Not tainted 6.6.1 #1
Call Trace:
 dump_stack_lvl+0x44/0x5c
 do_raw_spin_lock+0x1/0x2
 my_leaf+0x1/0x2
 x+0x1/0x2
### rwlock
= BUG: rwlock recursion in my_leaf
: LOCKDEP
BUG: rwlock recursion on CPU#1, sh/92, ffff888012345678
Call Trace:
 do_raw_write_lock+0x1/0x2
 my_leaf+0x1/0x2
 x+0x1/0x2
### soft lockup
= BUG: soft lockup in my_write
~ stall in my_write
: HANG
watchdog: BUG: soft lockup - CPU#1 stuck for 22s! [sh:92]
RIP: 0010:my_spin+0x1/0x2
Call Trace:
 my_write+0x1/0x2
 vfs_write+0x1/0x2
 ksys_write+0x1/0x2
### soft lockup with nothing to name
= BUG: soft lockup in corrupted
~ stall in corrupted
! no function of the report can be named: the trace is missing or mixed with another
: HANG
watchdog: BUG: soft lockup - CPU#1 stuck for 22s! [sh:92]
RIP: 0010:my_spin+0x1/0x2
Call Trace:
 my_write+0x1/0x2
 my_top+0x1/0x2
### locks still held, old
= BUG: still has locks held in my_leaf
! the call trace is missing
: LOCKDEP
[ BUG: sh/92 still has locks held! ]
1 lock held by sh/92:
 #0:  (&x){{+.+.}}, at: [<ffffffff81234567>] my_leaf+0x1/0x2
### scheduling while atomic
= BUG: scheduling while atomic in my_leaf
: ATOMIC_SLEEP
BUG: scheduling while atomic: sh/92/0x00000002
Call Trace:
 dump_stack+0x1/0x2
 __schedule_bug+0x1/0x2
 __schedule+0x1/0x2
 schedule+0x1/0x2
 my_leaf+0x1/0x2
### back to user space with a lock, old
= BUG: lock held when returning to user space in my_leaf
[ BUG: lock held when returning to user space! ]
6.6.1 #1 Not tainted
sh/92 is leaving the kernel with locks still held!
1 lock held by sh/92:
 #0: ffff888012345678 (&x){{+.+.}}, at: my_leaf+0x1/0x2
### unbalanced unlock, old
= BUG: bad unlock balance in my_leaf
: LOCKDEP
[ BUG: bad unlock balance detected! ]
sh/92 is trying to release lock (&x) at:
[<ffffffff81234567>] mutex_unlock+0x1/0x2
Call Trace:
 [<ffffffff81234567>] lock_release+0x1/0x2
 [<ffffffff81234567>] my_leaf+0x1/0x2
 [<ffffffff81234567>] x+0x1/0x2
### held lock freed, old
= BUG: held lock freed in my_leaf
! the call trace is missing
: LOCKDEP
[ BUG: held lock freed! ]
sh/92 is freeing memory ffff888012345678-ffff888012345abc, with a lock still held there!
 (&x){{+.+.}}, at: [<ffffffff81234567>] my_leaf+0x1/0x2
### rss counter
= BUG: Bad rss-counter state
BUG: Bad rss-counter state mm:ffff888012345678 type:MM_ANONPAGES val:1
### page tables left
= BUG: non-zero nr_ptes on freeing mm
BUG: non-zero nr_ptes on freeing mm: 1
### page middle directories left
= BUG: non-zero nr_pmds on freeing mm
BUG: non-zero nr_pmds on freeing mm: 1
### dentry in use
= BUG: Dentry still in use in unmount
~ BUG: Dentry still in use [unmount of ext4 sda1]
BUG: Dentry ffff888012345678{{i=2,n=/}} still in use (1) [unmount of ext4 sda1]
{_STACK}
### bad page state
= BUG: Bad page state in my_origin
BUG: Bad page state in process sh  pfn:12345
page:ffffea0000123456 refcount:0 mapcount:0 mapping:0000000000000000 index:0x0 pfn:0x12345
page last allocated via order 0, migratetype Unmovable, gfp_mask 0xcc0(GFP_KERNEL), pid 92, ts 1234
 post_alloc_hook+0x1/0x2
 get_page_from_freelist+0x1/0x2
 __alloc_pages+0x1/0x2
 my_origin+0x1/0x2
 x+0x1/0x2
{_STACK}
### bad page cache
= BUG: Bad page cache in my_origin
BUG: Bad page cache in process sh  pfn:12345
page last allocated via order 0, migratetype Movable
 my_origin+0x1/0x2
{_STACK}
### bad page map
= BUG: Bad page map
BUG: Bad page map in process sh  pte:12345678 pmd:12345678
{_STACK}
### workqueue lockup
= BUG: workqueue lockup
BUG: workqueue lockup - pool cpus=0 node=0 flags=0x0 nice=0 stuck for 42s!
Showing busy workqueues and worker pools:
### sleeping in atomic
= BUG: sleeping function called from invalid context in my_leaf
: ATOMIC_SLEEP
BUG: sleeping function called from invalid context at kernel/locking/mutex.c:580
in_atomic(): 1, irqs_disabled(): 0, non_block: 0, pid: 92, name: sh
Call Trace:
 dump_stack_lvl+0x1/0x2
 __might_resched+0x1/0x2
 __mutex_lock+0x1/0x2
 my_leaf+0x1/0x2
### preemptible
= BUG: using smp_processor_id() in preemptible code in my_leaf
: LOCKDEP
BUG: using smp_processor_id() in preemptible [00000000] code: sh/92
caller is my_leaf+0x1/0x2
Call Trace:
 dump_stack_lvl+0x1/0x2
 check_preemption_disabled+0x1/0x2
 my_leaf+0x1/0x2
### workqueue leak
= BUG: workqueue leaked lock or atomic in my_work
BUG: workqueue leaked lock or atomic: kworker/0:1/0x00000001/92
     last function: my_work
### memory leak
= memory leak in my_origin
: LEAK
BUG: memory leak
unreferenced object 0xffff888012345678 (size 64):
  comm "sh", pid 92, jiffies 4294937296
  hex dump (first 32 bytes):
    00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00  ................
  backtrace (crc 12345678):
    kmemleak_alloc+0x1/0x2
    __kmalloc_noprof+0x1/0x2
    kstrdup+0x1/0x2
    my_origin+0x1/0x2
    x+0x1/0x2
### guard page
= BUG: stack guard page was hit in my_recurse
~ stack-overflow in my_recurse
BUG: TASK stack guard page was hit at ffffc90000a3bff8 (stack is ffffc90000a3c000..ffffc90000a3ffff)
stack guard page: 0000 [#1] PREEMPT SMP
RIP: 0010:my_leaf+0x1/0x2
Call Trace:
 my_recurse+0x1/0x2
 my_recurse+0x1/0x2
 ksys_ioctl+0x1/0x2
 x+0x1/0x2
### wait context
= WARNING: locking bug in my_leaf
: LOCKDEP
[ BUG: Invalid wait context ]
sh/92 is trying to lock:
ffff888012345678 (&x){{....}}-{{3:3}}, at: my_leaf+0x1/0x2
Call Trace:
 dump_stack_lvl+0x1/0x2
 __lock_acquire+0x1/0x2
 my_leaf+0x1/0x2
### nothing behind BUG
= BUG: corrupted
! only the end of a report is there
BUG:
{_STACK}
### debugobjects
= WARNING: ODEBUG bug in my_leaf
: WARNING
ODEBUG: free active (active state 0) object: ffff888012345678 object type: timer_list hint: my_timer+0x0/0x2
WARNING: CPU: 1 PID: 92 at lib/debugobjects.c:518 debug_print_object+0x1/0x2
RIP: 0010:debug_print_object+0x1/0x2
Call Trace:
 __debug_check_no_obj_freed+0x1/0x2
 kfree+0x1/0x2
 my_leaf+0x1/0x2
### usercopy
= WARNING: bad usercopy in my_leaf
: WARNING
WARNING: CPU: 1 PID: 92 at mm/usercopy.c:81 usercopy_warn+0x1/0x2
RIP: 0010:usercopy_warn+0x1/0x2
Call Trace:
 __check_object_size+0x1/0x2
 my_leaf+0x1/0x2
### kobject
= WARNING: kobject bug in my_leaf
: WARNING
WARNING: CPU: 1 PID: 92 at lib/kobject.c:718 kobject_put+0x1/0x2
RIP: 0010:kobject_put+0x1/0x2
Call Trace:
 my_leaf+0x1/0x2
 my_ioctl+0x1/0x2
### proc
= WARNING: proc registration bug in my_leaf
: WARNING
WARNING: CPU: 1 PID: 92 at fs/proc/generic.c:377 proc_register+0x1/0x2
RIP: 0010:proc_register+0x1/0x2
Call Trace:
 proc_create_data+0x1/0x2
 my_leaf+0x1/0x2
### refcount
= WARNING: refcount bug in my_leaf
: REFCOUNT_WARNING
refcount_t: underflow; use-after-free.
WARNING: CPU: 1 PID: 92 at lib/refcount.c:28 refcount_warn_saturate+0x1/0x2
RIP: 0010:refcount_warn_saturate+0x1/0x2
Call Trace:
 my_leaf+0x1/0x2
 my_ioctl+0x1/0x2
### lockdep's own
= WARNING: locking bug in my_leaf
: LOCKDEP
WARNING: CPU: 1 PID: 92 at kernel/locking/lockdep.c:230 __lock_acquire+0x1/0x2
RIP: 0010:__lock_acquire+0x1/0x2
Call Trace:
 lock_sock_nested+0x1/0x2
 my_leaf+0x1/0x2
### locks still held
= WARNING: still has locks held in my_leaf
! the call trace is missing
: LOCKDEP
WARNING: sh/92 still has locks held!
1 lock held by sh/92:
 #0: ffff888012345678 (&x){{+.+.}}, at: my_leaf+0x1/0x2
### nested lock
= WARNING: nested lock was not taken in my_leaf
: LOCKDEP
WARNING: Nested lock was not taken
sh/92 is trying to lock:
Call Trace:
 __lock_acquire+0x1/0x2
 my_leaf+0x1/0x2
### back to user space with a lock
= WARNING: lock held when returning to user space in my_leaf
: LOCKDEP
WARNING: lock held when returning to user space!
sh/92 is leaving the kernel with locks still held!
1 lock held by sh/92:
 #0: ffff888012345678 (&x){{+.+.}}, at: my_leaf+0x1/0x2
### too much memory
= WARNING: kmalloc bug in my_leaf
: WARNING
WARNING: CPU: 1 PID: 92 at mm/util.c:597 kvmalloc_node+0x1/0x2
RIP: 0010:kvmalloc_node+0x1/0x2
Call Trace:
 my_leaf+0x1/0x2
 my_ioctl+0x1/0x2
### no memory
= WARNING: zero-size vmalloc in my_leaf
: WARNING
WARNING: CPU: 1 PID: 92 at mm/vmalloc.c:3200 __vmalloc_node_range+0x1/0x2
RIP: 0010:__vmalloc_node_range+0x1/0x2
Call Trace:
 my_leaf+0x1/0x2
 my_ioctl+0x1/0x2
### urb
= WARNING in my_probe/usb_submit_urb
: WARNING
usb 1-1: BOGUS urb xfer, pipe 3 != type 1
WARNING: CPU: 1 PID: 92 at drivers/usb/core/urb.c:503 usb_submit_urb+0x1/0x2
RIP: 0010:usb_submit_urb+0x1/0x2
Call Trace:
 usb_start_wait_urb+0x1/0x2
 usb_bulk_msg+0x1/0x2
 my_probe+0x1/0x2
### warning, newest
= WARNING in my_fault
: WARNING
WARNING: drivers/my.c:12 at 0x1a, CPU#1: sh/92
CPU: 1 UID: 0 PID: 92 Comm: sh Not tainted 6.19.0 #1
{_REGISTERS}{_STACK}
### warning, new
= WARNING in my_fault
: WARNING
WARNING: drivers/my.c:12 at my_fault+0x1a/0x20, CPU#1: sh/92
{_REGISTERS}{_STACK}
### warning with its condition
= WARNING in my_fault
: WARNING
WARNING: [!x->ready] drivers/my.c:12 at my_fault+0x1a/0x20, CPU#1: sh/92
{_REGISTERS}{_STACK}
### warning
= WARNING in my_fault
: WARNING
WARNING: CPU: 1 PID: 92 at drivers/my.c:12 my_fault+0x1a/0x20 [widget]
{_REGISTERS}{_STACK}
### warning whose registers are a process's
= WARNING in my_leaf
: WARNING
WARNING: CPU: 1 PID: 92 at drivers/my.c:12 my_fault+0x1a/0x20()
{_STACK}RIP: 0033:0x7f1234567890
### warning of a powerpc
= WARNING in my_interrupted
: WARNING
WARNING: CPU: 1 PID: 92 at drivers/my.c:12 my_fault+0x1a/0x20
[c000000001234020] [c000000000123490] my_handler+0x5/0x40
--- interrupt: 700 at my_interrupted+0x5/0x40
    LR = my_caller+0x5/0x40
Call Trace:
[c000000001234040] [c000000000123490] my_caller+0x5/0x40
[c000000001234040] [c000000000123490] sys_ioctl+0x5/0x40
### circular
= possible deadlock in my_acquire
! the call trace is missing
: LOCKDEP
WARNING: possible circular locking dependency detected
sh/92 is trying to acquire lock:
ffff888012345678 (&a){{+.+.}}-{{3:3}}, at: __flush_work+0x1/0x2
but task is already holding lock:
ffff888012345678 (&b){{+.+.}}-{{3:3}}, at: my_acquire+0x1/0x2
### irq inversion
= possible deadlock in my_leaf
! the call trace is missing
: LOCKDEP
WARNING: possible irq lock inversion dependency detected
sh/92 just changed the state of lock:
ffff888012345678 (&a){{+.+.}}-{{3:3}}, at: my_leaf+0x1/0x2
### irq safe
= possible deadlock in my_first
! the call trace is missing
: LOCKDEP
WARNING: HARDIRQ-safe -> HARDIRQ-unsafe lock order detected
sh/92 [HC0[0]:SC0[0]:HE0:SE1] is trying to acquire:
ffff888012345678 (&a){{+.+.}}-{{2:2}}, at: my_leaf+0x1/0x2
but this new dependency connects a HARDIRQ-irq-safe lock:
 (&b){{-.-.}}-{{2:2}}
... which became HARDIRQ-irq-safe at:
  lock_acquire+0x1/0x2
  _raw_spin_lock+0x1/0x2
  my_first+0x1/0x2
### recursive
= possible deadlock in my_leaf
! the call trace is missing
: LOCKDEP
WARNING: possible recursive locking detected
sh/92 is trying to acquire lock:
ffff888012345678 (&a){{+.+.}}-{{3:3}}, at: my_leaf+0x1/0x2
### lock state
= inconsistent lock state in my_ioctl
: LOCKDEP
WARNING: inconsistent lock state
inconsistent {{IN-SOFTIRQ-W}} -> {{SOFTIRQ-ON-W}} usage.
sh/92 [HC0[0]:SC0[0]:HE1:SE1] takes:
ffff888012345678 (&a){{+.?.}}-{{2:2}}, at: my_leaf+0x1/0x2
Call Trace:
 print_usage_bug+0x1/0x2
 mark_lock+0x1/0x2
 my_ioctl+0x1/0x2
### rcu usage
= WARNING: suspicious RCU usage in my_leaf
: LOCKDEP
WARNING: suspicious RCU usage
6.6.1 #1 Not tainted
drivers/my.c:12 suspicious rcu_dereference_check() usage!
Call Trace:
 lockdep_rcu_suspicious+0x1/0x2
 my_leaf+0x1/0x2
### stack registers
= WARNING: kernel stack regs has bad 'bp' value
WARNING: kernel stack regs at ffff888012345678 in sh:92 has bad 'bp' value 0000000012345678
### frame pointer
= WARNING: kernel stack frame pointer has bad value
WARNING: kernel stack frame pointer at ffff888012345678 in sh:92 has bad value 0000000012345678
### stack registers, other form
= WARNING: kernel stack regs has bad value
WARNING: kernel stack regs (____ptrval____) has bad 'bp' value
### unbalanced unlock
= WARNING: bad unlock balance in my_leaf
: LOCKDEP
WARNING: bad unlock balance detected!
sh/92 is trying to release lock (&x) at:
[<ffffffff81234567>] my_leaf+0x1/0x2
Call Trace:
 [<ffffffff81234567>] lock_release+0x1/0x2
 [<ffffffff81234567>] my_ioctl+0x1/0x2
### held lock freed
= WARNING: held lock freed in my_leaf
! the call trace is missing
: LOCKDEP
WARNING: held lock freed!
sh/92 is freeing memory ffff888012345678-ffff888012345abc, with a lock still held there!
ffff888012345678 (&x){{+.+.}}-{{3:3}}, at: my_leaf+0x1/0x2
### nothing behind WARNING
= WARNING: corrupted
! only the end of a report is there
WARNING:
{_STACK}
### circular, old
= possible deadlock in flush_workqueue
! the call trace is missing
: LOCKDEP
[ INFO: possible circular locking dependency detected ]
sh/92 is trying to acquire lock:
 (&a){{+.+.}}, at: [<ffffffff81234567>] flush_workqueue+0x1/0x2
### irq inversion, old
= possible deadlock in my_leaf
! the call trace is missing
: LOCKDEP
[ INFO: possible irq lock inversion dependency detected ]
sh/92 just changed the state of lock:
 (&a){{+.+.}}, at: [<ffffffff81234567>] my_leaf+0x1/0x2
### softirq safe, old
= possible deadlock in my_leaf
! the call trace is missing
: LOCKDEP
[ INFO: SOFTIRQ-safe -> SOFTIRQ-unsafe lock order detected ]
sh/92 [HC0[0]:SC0[2]:HE1:SE0] is trying to acquire:
 (&a){{+.+.}}, at: [<ffffffff81234567>] my_leaf+0x1/0x2
### recursive, old
= possible deadlock in my_leaf
! the call trace is missing
: LOCKDEP
[ INFO: possible recursive locking detected ]
sh/92 is trying to acquire lock:
 (&a){{+.+.}}, at: [<ffffffff81234567>] my_leaf+0x1/0x2
### lock state, old
= inconsistent lock state in my_leaf
! the call trace is missing
: LOCKDEP
[ INFO: inconsistent lock state ]
sh/92 [HC0[0]:SC0[0]:HE1:SE1] takes:
 (&a){{+.+.}}, at: [<ffffffff81234567>] my_leaf+0x1/0x2
### rcu stall
= INFO: rcu detected stall in my_write
~ stall in my_write
: HANG
rcu: INFO: rcu_preempt self-detected stall on CPU
Call Trace:
 <IRQ>
 rcu_sched_clock_irq+0x1/0x2
 __sysvec_apic_timer_interrupt+0x1/0x2
 </IRQ>
 asm_sysvec_apic_timer_interrupt+0x1/0x2
RIP: 0010:my_spin+0x1/0x2
 my_write+0x1/0x2
 vfs_write+0x1/0x2
 ksys_write+0x1/0x2
### expedited stall on arm64
= INFO: rcu detected stall in my_write
~ stall in my_write
: HANG
rcu: INFO: rcu_sched detected expedited stalls on CPUs/tasks: {{ 1-... }} 42 jiffies
Call trace:
 my_irq+0x1/0x2
 el1h_64_irq+0x1/0x2
 my_spin+0x1/0x2
 my_write+0x1/0x2
 vfs_write+0x1/0x2
 ksys_write+0x1/0x2
### static key
= INFO: trying to register non-static key in my_leaf
INFO: trying to register non-static key.
Call Trace:
 dump_stack+0x1/0x2
 register_lock_class+0x1/0x2
 my_leaf+0x1/0x2
### rcu usage, old
= INFO: suspicious RCU usage in my_leaf
[ INFO: suspicious RCU usage. ]
drivers/my.c:12 suspicious rcu_dereference_check() usage!
Call Trace:
 lockdep_rcu_suspicious+0x1/0x2
 my_leaf+0x1/0x2
### hung task
= INFO: task hung in my_read_it
~ hang in my_read_it
: HANG
INFO: task my task:92 blocked for more than 120 seconds.
Call Trace:
 __schedule+0x1/0x2
 schedule_timeout+0x1/0x2
 __mutex_lock+0x1/0x2
 vfs_wait+0x1/0x2
 my_read_it+0x1/0x2
 my_leave+0x1/0x2
### hung task in I/O
= INFO: task hung in synchronize_rcu
~ hang in synchronize_rcu
~ INFO: task hung in synchronize_net
~ hang in synchronize_net
: HANG
INFO: task sh:92 blocked in I/O wait for more than 120 seconds.
Call Trace:
 __schedule+0x1/0x2
 synchronize_net+0x1/0x2
 my_leave+0x1/0x2
### task that cannot die
= INFO: task can't die in my_leave
~ hang in my_leave
: HANG
INFO: task sh:92 can't die for more than 120 seconds.
Call Trace:
 __schedule+0x1/0x2
 my_leave+0x1/0x2
### freed, its header lost
= INFO: Freed in my_release age=NUM cpu=NUM pid=NUM
! only the end of a report is there
INFO: Freed in my_release+0x1/0x2 age=57 cpu=0 pid=18338
{_STACK}
### nothing behind INFO
= INFO: corrupted
! only the end of a report is there
INFO:
{_STACK}
### arm64 fault
= BUG: unable to handle kernel paging request in my_fault
~ bad-access in my_fault
: MEMORY_SAFETY_BUG
Unable to handle kernel paging request at virtual address dead000000000100
Internal error: Oops: 0000000096000004 [#1] SMP
pc : my_fault+0x1a/0x20 [widget]
lr : my_caller+0x1/0x2
Call trace:
 my_fault+0x1a/0x20 [widget]
 my_ioctl+0x1/0x2
### arm64, user memory
= BUG: unable to handle kernel access to user memory in my_fault
~ bad-access in my_fault
Unable to handle kernel access to user memory outside uaccess routines at virtual address 0000ffff12345678
pc : my_fault+0x1a/0x20
Call trace:
 my_fault+0x1a/0x20
 my_ioctl+0x1/0x2
### general protection
= general protection fault in my_fault
~ bad-access in my_fault
: DoS
general protection fault, probably for non-canonical address 0xdead000000000100: 0000 [#1] SMP
{_OOPS}
### stack segment
= stack segment fault in my_fault
: DoS
stack segment: 0000 [#1] SMP
{_OOPS}
### stack protector
= kernel panic: stack is corrupted in my_leaf
: DoS
Kernel panic - not syncing: stack-protector: Kernel stack is corrupted in: my_leaf+0x1/0x2
### stack protector with an address
= kernel panic: stack is corrupted in my_leaf
: DoS
Kernel panic - not syncing: stack-protector: Kernel stack is corrupted in: ffffffff81234567
Call Trace:
 panic+0x1/0x2
 __stack_chk_fail+0x1/0x2
 my_leaf+0x1/0x2
### end of the stack
= kernel panic: corrupted stack end in my_recurse
~ stack-overflow in my_recurse
: DoS
Kernel panic - not syncing: corrupted stack end detected inside scheduler
Call Trace:
 panic+0x1/0x2
 __schedule+0x1/0x2
 my_recurse+0x1/0x2
 vfs_write+0x1/0x2
### stack overflow of arm64
= kernel stack overflow in my_recurse
~ stack-overflow in my_recurse
: DoS
Kernel panic - not syncing: kernel stack overflow
Call trace:
 panic+0x1/0x2
 handle_bad_stack+0x1/0x2
 __bad_stack+0x1/0x2
 my_recurse+0x1/0x2
 vfs_write+0x1/0x2
### init killed
= kernel panic: Attempted to kill init!
: DoS
Kernel panic - not syncing: Attempted to kill init! exitcode=0x0000000b
{_STACK}
### tty
= kernel panic: Couldn't open N_TTY ldisc
: DoS
Kernel panic - not syncing: Couldn't open N_TTY ldisc for ptm3 --- error -12.
{_STACK}
### what follows from an oops that is lost
= kernel panic: Fatal exception
! only the end of a report is there
: DoS
Kernel panic - not syncing: Fatal exception in interrupt
{_STACK}
### what follows from a warning that is lost
= kernel panic: panic_on_warn set
! only the end of a report is there
: DoS
Kernel panic - not syncing: panic_on_warn set ...
{_STACK}
### what follows from a hang that is lost
= kernel panic: hung_task: blocked tasks
! only the end of a report is there
: DoS
Kernel panic - not syncing: hung_task: blocked tasks
{_STACK}
### panic
= kernel panic: VFS: Unable to mount root fs on unknown-block(NUM,NUM)
: DoS
Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0)
{_STACK}
### double fault
= PANIC: double fault in my_fault
: DoS
PANIC: double fault, error_code: 0x0
{_REGISTERS}{_STACK}
### rust
= attempt to add with overflow in my_leaf
rust_kernel: panicked at drivers/my.rs:12:5:
attempt to add with overflow
Call Trace:
 _RNvCscSpY9Juk0HT_7___rustc17rust_begin_unwind+0x1/0x2
 _RNvNtCs9jEwPDbx20M_4core9panicking9panic_fmt+0x1/0x2
 my_leaf+0x1/0x2
### BUG in usercopy
= BUG: bad usercopy in my_leaf
: BUG
kernel BUG at mm/usercopy.c:102!
Call Trace:
 usercopy_abort+0x1/0x2
 __check_heap_object+0x1/0x2
 my_leaf+0x1/0x2
### BUG in a list
= BUG: corrupted list in my_leaf
~ bad-access in my_leaf
: MEMORY_SAFETY_BUG
kernel BUG at lib/list_debug.c:56!
RIP: 0010:__list_del_entry_valid+0x1/0x2
Call Trace:
 __list_del_entry_valid+0x1/0x2
 my_leaf+0x1/0x2
### BUG
= kernel BUG in my_leaf
: BUG
kernel BUG at net/core/skbuff.c:12!
invalid opcode: 0000 [#1] SMP
RIP: 0010:skb_panic+0x1/0x2
Call Trace:
 skb_push+0x1/0x2
 my_leaf+0x1/0x2
### BUG of powerpc without its place
= kernel BUG [verbose debug info unavailable]
: BUG
Kernel BUG [verbose debug info unavailable]
{_STACK}
### SLUB
= BUG: Object already free
: DoS
BUG kmalloc-64 (Not tainted): Object already free
{_STACK}
### divide
= divide error in my_fault
: DoS
divide error: 0000 [#1] SMP
{_OOPS}
### divide, in new words
= divide error in my_fault
: DoS
divide_error: 0000 [#1] SMP
{_OOPS}
### invalid opcode
= invalid opcode in my_fault
: DoS
invalid opcode: 0000 [#1] SMP
{_OOPS}
### int3
= int3 in my_fault
: DoS
int3: 0000 [#1] SMP
{_OOPS}
### UBSAN, old
= UBSAN: undefined-behaviour in my_leaf
: UBSAN
UBSAN: Undefined behaviour in drivers/my.c:12:5
shift exponent 64 is too large for 32-bit type 'int'
Call Trace:
 ubsan_epilogue+0x1/0x2
 __ubsan_handle_shift_out_of_bounds+0x1/0x2
 my_leaf+0x1/0x2
### UBSAN, index
= UBSAN: array-index-out-of-bounds in my_leaf
~ bad-access in my_leaf
: MEMORY_SAFETY_UBSAN
UBSAN: array-index-out-of-bounds in drivers/my.c:12:5
index 9 is out of range for type 'int [4]'
Call Trace:
 ubsan_epilogue+0x1/0x2
 __ubsan_handle_out_of_bounds+0x1/0x2
 my_leaf+0x1/0x2
### UBSAN
= UBSAN: shift-out-of-bounds in my_leaf
: UBSAN
UBSAN: shift-out-of-bounds in drivers/my.c:12:5
Call Trace:
 __ubsan_handle_shift_out_of_bounds+0x1/0x2
 my_leaf+0x1/0x2
### reboot
= unexpected kernel reboot
: REBOOT
Booting the kernel.
### device in use
= unregister_netdevice: waiting for DEV to become free
: DoS
unregister_netdevice: waiting for lo to become free. Usage count = 2
### file closed twice
= VFS: Close: file count is zero (use-after-free)
: DoS
VFS: Close: file count is 0
### busy inodes
= VFS: Busy inodes after unmount (use-after-free)
: DoS
VFS: Busy inodes after unmount of loop0. Self-destruct in 5 seconds.  Have a nice day...
### arm abort
= Internal error in my_fault
~ bad-access in my_fault
: DoS
Internal error: synchronous external abort: 96000410 [#1] SMP
pc : my_fault+0x1a/0x20
Call trace:
 my_fault+0x1a/0x20
 my_ioctl+0x1/0x2
### unhandled arm fault
= Unhandled fault in my_fault
~ bad-access in my_fault
: DoS
Unhandled fault: alignment exception (0x001) at 0x12345679
PC is at my_fault+0x1a/0x20
Call trace:
 my_fault+0x1a/0x20
 my_ioctl+0x1/0x2
### alignment
= Alignment trap in my_fault
: DoS
Alignment trap: not handling instruction e1932f9f at [<c0123456>]
PC is at my_fault+0x1a/0x20
Backtrace:
[<c0123456>] (my_fault) from [<c0123456>] (my_ioctl+0x1/0x2)
[<c0123456>] (my_ioctl) from [<c0123456>] (sys_ioctl+0x1/0x2)
### trusty's assertion
= trusty: ASSERT FAILED: x == y
: DoS
trusty: panic (caller 0xffff000012345678): DEBUG ASSERT FAILED at (lib/my.c:12): x == y
### trusty's assertion, cut
= trusty: ASSERT FAILED: x
! only the end of a report is there
: DoS
trusty: panic notifier - ASSERT FAILED at (lib/my.c:12): x
{_STACK}
### trusty
= trusty: panic: out of it
: DoS
trusty: panic (caller 0xffff000012345678): out of it
### go
= go runtime error
: DoS
fatal error: unexpected signal during runtime execution
### fuzzer's own failure
= SYZFAIL: cannot open
: SYZ_FAILURE
SYZFAIL: cannot open
### fuzzer's own end
= SYZFATAL: cannot go on
~ SYZFATAL
: SYZ_FAILURE
SYZFATAL: cannot go on
### gvisor
= panic: Sentry detected stuck tasks
: DoS
panic: Sentry detected 1 stuck task(s):
### panic of a program
= panic: index out of range
: DoS
panic: index out of range
### no format fits: the words themselves
= WARNING: ath10k USB support is incomplete, don't expect anything to work!
: WARNING
usb 1-1: WARNING: ath10k USB support is incomplete, don't expect anything to work!
### a header whose continuation is missing
= WARNING: suspicious RCU usage
! the header's continuation is missing
: WARNING
WARNING: suspicious RCU usage
6.6.1 #1 Not tainted
{_STACK}
### a stack that fault injection mixed in
= KASAN: slab-use-after-free Read in corrupted
~ bad-access in corrupted
! no function of the report can be named: the trace is missing or mixed with another
: KASAN-USE-AFTER-FREE-READ
BUG: KASAN: slab-use-after-free in kasan_report+0x1a/0x20
Read of size 8 at addr ffff888012345600 by task sh/92
Call Trace:
 dump_stack_lvl+0x44/0x5c
 should_fail.cold+0x5/0xa
 my_leaf+0x1/0x2
### fault injection before the trace
= KASAN: slab-use-after-free Read in corrupted
~ bad-access in corrupted
! no function of the report can be named: the trace is missing or mixed with another
: KASAN-USE-AFTER-FREE-READ
BUG: KASAN: slab-use-after-free in kasan_report+0x1a/0x20
Read of size 8 at addr ffff888012345600 by task sh/92
 should_failslab+0x5/0xa
Call Trace:
 my_leaf+0x1/0x2
 my_ioctl+0x1/0x2
### another line mixed into the header
= INFO: Freed in my_release[ NUM.ADDR] x
! only the end of a report is there
INFO: Freed in my_release+0x1/0x2[   12.345678] x
{_STACK}
### another line mixed into a panic
= kernel panic: my words[ NUM.ADDR] more
! another line is mixed into the header
: DoS
Kernel panic - not syncing: my words[   12.345678] more
{_STACK}
### a trace without frames
= BUG: sleeping function called from invalid context in corrupted
! no function of the report can be named: the trace is missing or mixed with another
: ATOMIC_SLEEP
BUG: sleeping function called from invalid context at kernel/locking/mutex.c:580
Call Trace:
### a second trace without frames
= BUG: Bad page map
! a call trace has no frames
BUG: Bad page map in process sh  pte:12345678 pmd:12345678
Allocated by task 92:
Call Trace:
 my_leaf+0x1/0x2
 my_ioctl+0x1/0x2
### a console that was lost
= kernel panic: my words
! the connection to the console was lost
: DoS
Kernel panic - not syncing: my words
{_STACK}serialport: VM disconnected.
### chatter is no report, what follows is
= kernel BUG in my_fault
: BUG
WARNING: workqueue cpumask: online intersect > possible intersect
traps: x[12] general protection fault ip:1 sp:2 error:0 in libc.so
INFO: lockdep is turned off.
perf: interrupt took too long (2512 > 2500), INFO: lowering it
kernel BUG at drivers/my.c:12!
{_REGISTERS}{_STACK}
### a line that comes again, whole
= kernel BUG in my_fault
: BUG
kernel BUG at drivers/
** replaying previous printk message **
kernel BUG at drivers/my.c:12!
RIP: 0010:my_fault+0x1/0x2
Call Trace:
 my_ioctl+0x1/0x2
 my_leave+0x1/0x2
"""


def cases() -> list[tuple[str, list[str], str]]:
    found = []
    for part in CASES.split("\n### ")[1:]:
        name, _, rest = part.partition("\n")
        lines = rest.split("\n")
        expected = [line for line in lines if re.match(r"[=~!:] ", line)]
        found.append((name, expected, "\n".join(lines[len(expected) :])))
    return found


@pytest.mark.parametrize(
    ("name", "expected", "text"), [pytest.param(*case, id=case[0]) for case in cases()]
)
@pytest.mark.parametrize("prefix", ["", "[   12.345678] ", "[   12.345678][   T92] "])
def test_a_report_is_called_as_its_row_says(
    name: str, expected: list[str], text: str, prefix: str
) -> None:
    log = parse("".join(f"{prefix}{line}\n" for line in text.split("\n")))
    report = next(report for report in log.reports if report.crash)
    found = [f"= {report.title}", *(f"~ {alt}" for alt in report.alt_titles)]
    if report.corrupted:
        found.append(f"! {report.corrupted}")
    if report.type:
        found.append(f": {report.type}")
    assert found == expected, name


def test_the_next_report_ends_one_whose_lines_name_no_caller() -> None:
    text = "WARNING: CPU: 1 PID: 9 at a.c:12 f+0x1/0x2\nBUG: Bad page map\nRIP: 0010:f+0x1/0x2\nCall Trace:\n g+0x1/0x2\n"
    for prefix, function in (
        ("", "corrupted"),
        ("[   12.345678] ", "corrupted"),
        ("[   12.345678][   T92] ", "f"),
    ):
        log = parse("".join(f"{prefix}{line}\n" for line in text.split("\n")))
        assert log.reports[0].title == f"WARNING in {function}"


def test_every_format_of_the_table_has_a_case() -> None:
    """By the words of its title up to the first that the log fills in."""
    titles = [line[2:] for _, expected, _ in cases() for line in expected if line[0] == "="]
    for oops in OOPSES:
        for form in oops.formats:
            pattern = re.sub(r"\\\{\w+\\\}", ".+", re.escape(form.title))
            assert any(re.fullmatch(pattern, title) for title in titles), form.title
