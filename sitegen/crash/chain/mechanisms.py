"""Functions that run what was handed to them, and those that hand it over.

A callback stands in no ops table: a work item, a timer, a thread's function are handed
to the kernel while it runs. Who calls one is known by the function that runs them all;
who handed it over, by the functions and macros of its kind.
"""

from typing import NamedTuple


class Mechanism(NamedTuple):
    """A way in which the kernel calls back."""

    name: str
    "in words, without an article"
    runners: frozenset[str]
    "functions that call what was handed over"
    registrars: frozenset[str]
    "functions and macros that it is handed to, in the source or in the code"
    listed: bool = False
    "the build makes lists of them that hold no plain addresses"


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_THREADS = _words(
    "kthread_run kthread_create kthread_create_on_node kthread_create_on_cpu kthread_run_on_cpu "
    "kthread_create_worker kthread_create_worker_on_cpu __kthread_create_on_node kernel_thread "
    "user_mode_thread create_io_thread"
)

MECHANISMS = (
    Mechanism(
        "work item",
        _words("process_one_work kthread_worker_fn"),
        _words(
            "INIT_WORK INIT_DELAYED_WORK INIT_DEFERRABLE_WORK INIT_RCU_WORK INIT_WORK_ONSTACK "
            "INIT_DELAYED_WORK_ONSTACK INIT_DEFERRABLE_WORK_ONSTACK DECLARE_WORK "
            "DECLARE_DELAYED_WORK DECLARE_DEFERRABLE_WORK __WORK_INITIALIZER __INIT_WORK "
            "__INIT_DELAYED_WORK kthread_init_work kthread_init_delayed_work schedule_on_each_cpu "
            "work_on_cpu work_on_cpu_safe execute_in_process_context"
        ),
    ),
    Mechanism(
        "timer",
        _words("call_timer_fn expire_timers"),
        _words(
            "timer_setup timer_setup_on_stack DEFINE_TIMER TIMER_INITIALIZER __TIMER_INITIALIZER "
            "setup_timer setup_deferrable_timer init_timer_key timer_init_key __init_timer"
        ),
    ),
    Mechanism(
        "high-resolution timer",
        _words("__hrtimer_run_queues __run_hrtimer"),
        _words("hrtimer_setup hrtimer_setup_on_stack hrtimer_setup_sleeper_on_stack"),
    ),
    Mechanism(
        "RCU callback",
        _words("rcu_do_batch srcu_invoke_callbacks rcu_process_callbacks rcu_tasks_invoke_cbs"),
        _words(
            "call_rcu call_rcu_hurry call_rcu_sched call_rcu_bh call_srcu call_rcu_tasks "
            "call_rcu_tasks_rude call_rcu_tasks_trace"
        ),
    ),
    Mechanism("thread function", _words("kthread"), _THREADS),
    Mechanism("kernel thread", _words("ret_from_fork ret_from_fork_asm"), _THREADS),
    Mechanism(
        "per-CPU thread", _words("smpboot_thread_fn"), _words("smpboot_register_percpu_thread")
    ),
    Mechanism(
        "soft interrupt",
        _words("__do_softirq handle_softirqs __softirqentry_text_start"),
        _words("open_softirq"),
    ),
    Mechanism(
        "tasklet",
        _words("tasklet_action_common tasklet_action tasklet_hi_action"),
        _words(
            "tasklet_init tasklet_setup DECLARE_TASKLET DECLARE_TASKLET_DISABLED "
            "DECLARE_TASKLET_OLD DECLARE_TASKLET_DISABLED_OLD"
        ),
    ),
    Mechanism(
        "interrupt work",
        _words("irq_work_single irq_work_run_list"),
        _words("init_irq_work IRQ_WORK_INIT IRQ_WORK_INIT_LAZY IRQ_WORK_INIT_HARD DEFINE_IRQ_WORK"),
    ),
    Mechanism(
        "call on another CPU",
        _words(
            "__flush_smp_call_function_queue flush_smp_call_function_queue generic_exec_single "
            "generic_smp_call_function_single_interrupt smp_call_function_many_cond "
            "smp_call_function_many csd_do_func"
        ),
        _words(
            "smp_call_function_single smp_call_function smp_call_function_many smp_call_on_cpu "
            "smp_call_function_any smp_call_function_single_async smp_call_function_many_cond "
            "on_each_cpu on_each_cpu_mask on_each_cpu_cond on_each_cpu_cond_mask INIT_CSD "
            "generic_exec_single"
        ),
    ),
    Mechanism(
        "CPU stopper",
        _words("multi_cpu_stop cpu_stopper_thread"),
        _words(
            "stop_machine stop_machine_cpuslocked stop_machine_from_inactive_cpu stop_one_cpu "
            "stop_one_cpu_nowait stop_two_cpus stop_core_cpuslocked"
        ),
    ),
    Mechanism(
        "interrupt handler",
        _words(
            "__handle_irq_event_percpu handle_irq_event_percpu handle_percpu_devid_irq "
            "handle_percpu_devid_fasteoi_ipi handle_percpu_devid_fasteoi_nmi"
        ),
        _words(
            "request_irq request_threaded_irq request_any_context_irq request_percpu_irq "
            "__request_percpu_irq request_nmi request_percpu_nmi devm_request_irq "
            "devm_request_threaded_irq devm_request_any_context_irq pci_request_irq setup_irq"
        ),
    ),
    Mechanism(
        "flow handler of an interrupt",
        _words(
            "generic_handle_irq_desc handle_irq_desc generic_handle_irq generic_handle_domain_irq "
            "__common_interrupt handle_irq generic_handle_irq_safe"
        ),
        _words(
            "irq_set_handler __irq_set_handler irq_set_handler_locked irq_set_chained_handler "
            "irq_set_chained_handler_and_data irq_set_chip_and_handler "
            "irq_set_chip_and_handler_name irq_set_chip_handler_name_locked irq_domain_set_info "
            "irq_set_percpu_devid"
        ),
    ),
    Mechanism(
        "interrupt thread", _words("irq_thread_fn irq_thread irq_forced_thread_fn"), frozenset()
    ),
    Mechanism(
        "call on the stack of interrupts",
        _words("call_on_irq_stack"),
        _words("call_on_irq_stack set_handle_irq set_handle_fiq"),
    ),
    Mechanism(
        "notifier chain", _words("notifier_call_chain notifier_call_chain_robust"), frozenset()
    ),
    Mechanism("initcall", _words("do_one_initcall"), frozenset(), listed=True),
    Mechanism("task work", _words("task_work_run"), _words("init_task_work")),
    Mechanism(
        "CPU hotplug callback",
        _words("cpuhp_invoke_callback"),
        _words(
            "cpuhp_setup_state cpuhp_setup_state_nocalls cpuhp_setup_state_cpuslocked "
            "cpuhp_setup_state_nocalls_cpuslocked cpuhp_setup_state_multi __cpuhp_setup_state "
            "__cpuhp_setup_state_cpuslocked"
        ),
    ),
    Mechanism(
        "asynchronous call",
        _words("async_run_entry_fn"),
        _words(
            "async_schedule async_schedule_node async_schedule_domain async_schedule_node_domain "
            "async_schedule_dev async_schedule_dev_domain"
        ),
    ),
    Mechanism(
        "user-mode helper",
        _words("call_usermodehelper_exec_async"),
        _words("call_usermodehelper_setup"),
    ),
    Mechanism(
        "probe handler",
        _words(
            "kprobe_ftrace_handler aggr_pre_handler aggr_post_handler kprobe_int3_handler "
            "kprobe_handler kprobe_breakpoint_handler opt_pre_handler optimized_callback "
            "__kretprobe_trampoline_handler pre_handler_kretprobe"
        ),
        _words("register_kprobe register_kprobes register_kretprobe register_kretprobes"),
    ),
    Mechanism(
        "function tracing",
        _words("__ftrace_ops_list_func arch_ftrace_ops_list_func ftrace_ops_assist_func"),
        _words("register_ftrace_function"),
    ),
    Mechanism(
        "the start of a CPU",
        _words("secondary_startup_64 secondary_startup_64_no_verify secondary_switch_to"),
        frozenset(),
    ),
)

STATIC_CALL = Mechanism(
    "static call",
    frozenset(),
    _words(
        "static_call_update __static_call_update DEFINE_STATIC_CALL DEFINE_STATIC_CALL_NULL "
        "DEFINE_STATIC_CALL_RET0 static_call_query"
    ),
)

_RUNNERS = {runner: one for one in MECHANISMS for runner in one.runners}
_REGISTRARS = frozenset(name for one in MECHANISMS for name in one.registrars)


def mechanism_of(caller: str) -> Mechanism | None:
    """What a function runs, where it runs what was handed to it."""
    return _RUNNERS.get(caller)


def is_registrar(function: str) -> bool:
    """Whether a function or macro hands functions over to be run, by whatever mechanism."""
    return function in _REGISTRARS
