// SPDX-License-Identifier: MIT
#include <linux/kernel.h>

#define UTS_RELEASE	"6.1.0-sitegen"
#define UTS_VERSION	"#1"

const char init_uts_release[] = UTS_RELEASE;
const char init_uts_version[] = UTS_VERSION;

const char linux_banner[] =
	"Linux version " UTS_RELEASE " (build@example) (gcc " __VERSION__ ") "
	UTS_VERSION " HOSTED\n";
