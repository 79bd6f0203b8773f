// SPDX-License-Identifier: MIT
/*
 * References that were counted wrongly.
 */
#include <linux/bug.h>
#include <linux/refcount.h>

#define REFCOUNT_WARN(str)	WARN_ONCE(1, "refcount_t: " str ".\n")

/* From now on the counter stays where no number of puts can reach zero. */
void refcount_warn_saturate(refcount_t *r, enum refcount_saturation_type t)
{
	r->refs = REFCOUNT_SATURATED;

	switch (t) {
	case REFCOUNT_ADD_UAF:
		REFCOUNT_WARN("addition on 0; use-after-free");
		break;
	case REFCOUNT_SUB_UAF:
		REFCOUNT_WARN("underflow; use-after-free");
		break;
	}
}
