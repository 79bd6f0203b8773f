"""Guides to what the sanitizers and the allocators' own checks find."""

from sitegen.web.pages.terms.guides.shape import Guide

SANITIZERS = {
    "kasan-uaf": Guide(
        "Memory was used after it had been freed, seen by the address sanitizer at the very access.",
        (
            (
                "Three traces: the access, `Allocated by task`, `Freed by task`. The bug is between"
                " the last two and the first."
            ),
            "The object: its cache, its size, and the offset of the access in it.",
            "The tasks: if the one that freed is another than the one that used, it is a race.",
            "Freed from RCU or a work item: then a reference or a grace period is missing.",
        ),
        (
            "Find the pointer that outlived the object, and what should have held the object.",
            "`Last potentially related work creation` names who asked for the delayed free.",
        ),
    ),
    "kasan-free": Guide(
        "Something was freed twice, or was no object that the allocator had given out.",
        (
            "`Freed by task`: the first free. The trace above it is the second.",
            "The address: inside an object, it is a pointer to a member that was freed.",
        ),
        (
            (
                "Decide who owns the object on each path, error paths first: they free what the"
                " caller frees again."
            ),
        ),
    ),
    "kasan-null": Guide(
        "A pointer was NULL, seen by the address sanitizer before the processor could.",
        ("As a NULL dereference: the range of the address is the offset of the member.",),
        ("See NULL dereference.",),
    ),
    "kasan-wild": Guide(
        "An access to an address that belongs to no object of the kernel, or to user space.",
        (
            (
                "The address itself: a user address, a value that is no address, a tag that does not"
                " agree with its memory (`Pointer tag`, `Memory tag`)."
            ),
        ),
        (
            (
                "With tags, it is a use after free or an overflow: the traces of allocation and free"
                " decide."
            ),
            "Without, look for where the pointer was read from: that memory was overwritten first.",
        ),
    ),
    "kasan-oob": Guide(
        "An access beside the object that it was meant for: past its end, or before its beginning.",
        (
            "`The buggy address is located N bytes to the right of M-byte region`: by how much.",
            "`Allocated by task`: who chose the size.",
            "In a stack or global object: the frame's variables are listed with their offsets.",
            (
                "The shadow bytes: `fc` and `fa` are red zones, a small number is a last piece that is"
                " used in part."
            ),
        ),
        (
            (
                "Compare the size that was asked for with the index or length at the access, and find"
                " where the two are computed apart."
            ),
            "A length that comes from user space, a device or a file has to be checked there.",
        ),
    ),
    "kasan": Guide(
        "The address sanitizer saw an access that must not be, of a sort that it has no name for.",
        ("The shadow bytes around the address, and the traces of the object.",),
        ("Go on as with a use after free or an overflow, as the shadow says.",),
    ),
    "kmsan": Guide(
        "A value decided something, or left the kernel, that nobody had ever set.",
        (
            (
                "`Uninit was created at`: where the memory came from; `was stored to memory at`: how"
                " it travelled."
            ),
            "`kernel-infoleak`: it was copied to user space, and may hold what it should not.",
            "`Bytes X-Y of Z are uninitialized`: often padding of a structure, or its last member.",
        ),
        (
            "Set the whole structure, padding included, where it is created.",
            "Where a function filled it, look at its paths that return early.",
        ),
    ),
    "kcsan": Guide(
        "Two CPUs accessed the same memory at once, one of them writing, and nothing orders them.",
        (
            "The two traces are equals: neither is the guilty one.",
            "`value changed`: what the other one saw; a flag, a pointer, a counter.",
        ),
        (
            (
                "Decide whether a lock is missing, or the race is meant: then mark both sides with"
                " `READ_ONCE()` and `WRITE_ONCE()`, or `data_race()`, and say why."
            ),
        ),
    ),
    "kfence-uaf": Guide(
        "An object of the sample that KFENCE watches was used after it was freed.",
        (
            "The traces of allocation and free stand below the access, as with KASAN.",
            "It happened in production and by chance: there are more such accesses unseen.",
        ),
        ("Go on as with a use after free; build with KASAN to see all of them.",),
    ),
    "kfence": Guide(
        "An object of the sample that KFENCE watches was misused: accessed beside its end, freed"
        " twice, or written around.",
        (
            (
                "`out-of-bounds`: the access itself. `memory corruption`: found when it was freed, the"
                " write was earlier."
            ),
            "`kfence-#N`: the object, with who allocated it and its size.",
        ),
        ("Go on as with KASAN's report of the same name.",),
    ),
    "ubsan": Guide(
        "The code did what the C language does not define: an index out of bounds, a shift too"
        " far, an overflow of a signed number, a pointer that is not aligned.",
        (
            "The line and the values: `shift exponent 64 is too large for 32-bit type`.",
            "Whether the value came from outside the kernel.",
        ),
        (
            (
                "For `array-index-out-of-bounds` of an array of one element at a structure's end: make"
                " it a flexible array."
            ),
            "Otherwise check the value where it enters.",
        ),
    ),
    "slub": Guide(
        "The slab allocator found an object, a red zone or its own bookkeeping changed.",
        (
            (
                "`Poison overwritten`: written after it was freed. `Redzone overwritten`: written past"
                " its end."
            ),
            "The bytes dumped: what was written often tells who wrote it.",
            (
                "`Allocated in` and `Freed in`: who had the object last. The writer may be the"
                " neighbour's owner."
            ),
        ),
        (
            "The trace is where it was found, not where it was done: run with KASAN to find that.",
            "`slub_debug=FZPU` for the one cache, if KASAN is too slow.",
        ),
    ),
    "page-poison": Guide(
        "A page was written to after it had been freed.",
        (
            "The bytes: a few of them changed are a stray pointer, many are a whole use.",
            "A single bit: look at the hardware.",
        ),
        ("`page_owner=on` tells who had the page; KASAN who wrote.",),
    ),
    "bad-page": Guide(
        "A page's own description is not as it must be when it is given out or freed: its count of"
        " users, its flags, its mapping.",
        (
            "`page dumped because`: which of them.",
            "`flags`, `refcount`, `mapcount`, `mapping`: who still uses it.",
            "For `rss-counter`: a process ended and its counts did not come to zero.",
        ),
        (
            "Look for a reference too many or too few: `put_page()` in an error path.",
            "`page_owner=on` names who allocated it.",
        ),
    ),
    "leak": Guide(
        "An object is allocated, and no pointer to it is left anywhere.",
        (
            "The backtrace is the allocation's: who should have kept the pointer, or freed it.",
            "`comm` and `jiffies`: when and for whom.",
        ),
        (
            "Follow the pointer from there: an error path that returns without it is the usual end.",
            "A report that does not come again may be false: the pointer was hidden for a moment.",
        ),
    ),
    "refcount": Guide(
        "A count of references went where it must not: from zero up, below zero, or too high.",
        (
            "`addition on 0; use-after-free`: somebody took a reference to what was gone.",
            "`underflow; use-after-free`: a reference was dropped twice.",
            "`saturated; leaking memory`: a reference is taken and never dropped, very often.",
        ),
        (
            (
                "The function above `refcount_warn_saturate` did it; the one who did wrong may be"
                " another user of the object."
            ),
            "Write down who takes and who drops on each path.",
        ),
    ),
    "usercopy": Guide(
        "A copy to or from user space would have passed the end of the object it is for, or touched"
        " a cache that is not meant for it. The kernel stopped before it did.",
        (
            "`exposure` is a read by user space, `overwrite` a write.",
            "The cache, the offset and the size: which object, and by how much.",
        ),
        (
            "Check the length before the copy.",
            "Where a part of a structure is meant, declare it: `kmem_cache_create_usercopy()`.",
        ),
    ),
    "list-corruption": Guide(
        "A linked list's neighbours do not point to each other: an entry was freed while it was in"
        " the list, put in twice, or overwritten.",
        (
            (
                "The three pointers: which neighbour disagrees, and whether one is poison"
                " (`dead000000000100` is an entry that was taken out already)."
            ),
            "The operation: `list_del` of what is gone, or `list_add` beside what is gone.",
        ),
        (
            "Find the list's lock, and who touches it without.",
            "KASAN tells whether an entry was freed while it was in the list.",
        ),
    ),
}
