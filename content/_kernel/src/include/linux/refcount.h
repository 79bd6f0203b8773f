/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_REFCOUNT_H
#define _LINUX_REFCOUNT_H

#include <linux/compiler.h>
#include <linux/types.h>

/* A counter that complains, and then sticks, when it is taken below zero. */
typedef struct { int refs; } refcount_t;

#define REFCOUNT_SATURATED	(-0x40000000)

enum refcount_saturation_type {
	REFCOUNT_ADD_UAF,
	REFCOUNT_SUB_UAF,
};

void refcount_warn_saturate(refcount_t *r, enum refcount_saturation_type t);

static inline void refcount_set(refcount_t *r, int n)
{
	r->refs = n;
}

static inline void refcount_inc(refcount_t *r)
{
	if (unlikely(r->refs++ <= 0))
		refcount_warn_saturate(r, REFCOUNT_ADD_UAF);
}

/* True for the caller that dropped the last reference, and only for it. */
static inline bool refcount_dec_and_test(refcount_t *r)
{
	int old = r->refs--;

	if (old == 1)
		return true;
	if (unlikely(old <= 0))
		refcount_warn_saturate(r, REFCOUNT_SUB_UAF);
	return false;
}

#endif
