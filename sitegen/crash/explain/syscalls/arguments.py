"""The names of the arguments of common system calls."""

ARGUMENTS = """
read fd buf count
write fd buf count
open pathname flags mode
openat dirfd pathname flags mode
openat2 dirfd pathname how size
creat pathname mode
close fd
close_range first last flags
stat pathname statbuf
fstat fd statbuf
lstat pathname statbuf
newfstatat dirfd pathname statbuf flags
fstatat dirfd pathname statbuf flags
statx dirfd pathname flags mask statxbuf
poll fds nfds timeout
ppoll fds nfds tmo sigmask sigsetsize
lseek fd offset whence
mmap addr length prot flags fd offset
mprotect addr len prot
munmap addr length
mremap old_address old_size new_size flags new_address
madvise addr length advice
mlock addr len
mlock2 addr len flags
munlock addr len
msync addr length flags
brk addr
rt_sigaction signum act oldact sigsetsize
rt_sigprocmask how set oldset sigsetsize
rt_sigreturn
rt_sigsuspend mask sigsetsize
rt_sigtimedwait set info timeout sigsetsize
sigaltstack ss old_ss
ioctl fd request arg
pread64 fd buf count offset
pwrite64 fd buf count offset
readv fd iov iovcnt
writev fd iov iovcnt
preadv fd iov iovcnt offset
pwritev fd iov iovcnt offset
access pathname mode
faccessat dirfd pathname mode
faccessat2 dirfd pathname mode flags
pipe pipefd
pipe2 pipefd flags
select nfds readfds writefds exceptfds timeout
pselect6 nfds readfds writefds exceptfds timeout sigmask
sched_yield
dup oldfd
dup2 oldfd newfd
dup3 oldfd newfd flags
pause
nanosleep req rem
clock_nanosleep clockid flags request remain
clock_gettime clockid tp
getpid
getppid
gettid
getuid
geteuid
getgid
getegid
sendfile out_fd in_fd offset count
sendfile64 out_fd in_fd offset count
splice fd_in off_in fd_out off_out len flags
tee fd_in fd_out len flags
vmsplice fd iov nr_segs flags
copy_file_range fd_in off_in fd_out off_out len flags
socket domain type protocol
socketpair domain type protocol sv
connect sockfd addr addrlen
accept sockfd addr addrlen
accept4 sockfd addr addrlen flags
bind sockfd addr addrlen
listen sockfd backlog
getsockname sockfd addr addrlen
getpeername sockfd addr addrlen
sendto sockfd buf len flags dest_addr addrlen
recvfrom sockfd buf len flags src_addr addrlen
sendmsg sockfd msg flags
recvmsg sockfd msg flags
sendmmsg sockfd msgvec vlen flags
recvmmsg sockfd msgvec vlen flags timeout
shutdown sockfd how
setsockopt sockfd level optname optval optlen
getsockopt sockfd level optname optval optlen
fork
vfork
execve pathname argv envp
execveat dirfd pathname argv envp flags
exit status
exit_group status
wait4 pid wstatus options rusage
waitid idtype id infop options rusage
kill pid sig
tkill tid sig
tgkill tgid tid sig
pidfd_open pid flags
pidfd_send_signal pidfd sig info flags
uname buf
fcntl fd cmd arg
fcntl64 fd cmd arg
flock fd operation
fsync fd
fdatasync fd
sync
syncfs fd
truncate path length
ftruncate fd length
fallocate fd mode offset len
getdents fd dirp count
getdents64 fd dirp count
getcwd buf size
chdir path
fchdir fd
chroot path
rename oldpath newpath
renameat olddirfd oldpath newdirfd newpath
renameat2 olddirfd oldpath newdirfd newpath flags
mkdir pathname mode
mkdirat dirfd pathname mode
rmdir pathname
link oldpath newpath
linkat olddirfd oldpath newdirfd newpath flags
unlink pathname
unlinkat dirfd pathname flags
symlink target linkpath
symlinkat target newdirfd linkpath
readlink pathname buf bufsiz
readlinkat dirfd pathname buf bufsiz
chmod pathname mode
fchmod fd mode
fchmodat dirfd pathname mode
chown pathname owner group
fchown fd owner group
fchownat dirfd pathname owner group flags
mknod pathname mode dev
mknodat dirfd pathname mode dev
umask mask
utimensat dirfd pathname times flags
mount source target filesystemtype mountflags data
umount2 target flags
move_mount from_dirfd from_pathname to_dirfd to_pathname flags
fsopen fsname flags
fsconfig fd cmd key value aux
fsmount fd flags attr_flags
open_tree dirfd pathname flags
pivot_root new_root put_old
swapon path swapflags
swapoff path
statfs path buf
fstatfs fd buf
setxattr path name value size flags
lsetxattr path name value size flags
fsetxattr fd name value size flags
getxattr path name value size
lgetxattr path name value size
fgetxattr fd name value size
removexattr path name
quotactl cmd special id addr
ptrace request pid addr data
prctl option arg2 arg3 arg4 arg5
arch_prctl code addr
seccomp operation flags args
bpf cmd attr size
perf_event_open attr pid cpu group_fd flags
init_module module_image len param_values
finit_module fd param_values flags
delete_module name flags
kexec_load entry nr_segments segments flags
kexec_file_load kernel_fd initrd_fd cmdline_len cmdline flags
reboot magic magic2 cmd arg
syslog type bufp len
sysinfo info
setpriority which who prio
sched_setscheduler pid policy param
sched_setattr pid attr flags
sched_setaffinity pid cpusetsize mask
sched_getaffinity pid cpusetsize mask
setuid uid
setgid gid
setresuid ruid euid suid
setresgid rgid egid sgid
setns fd nstype
unshare flags
clone3 cl_args size
futex uaddr futex_op val timeout uaddr2 val3
epoll_create size
epoll_create1 flags
epoll_ctl epfd op fd event
epoll_wait epfd events maxevents timeout
epoll_pwait epfd events maxevents timeout sigmask sigsetsize
eventfd2 initval flags
signalfd4 fd mask sizemask flags
timerfd_create clockid flags
timerfd_settime fd flags new_value old_value
timer_create clockid sevp timerid
timer_settime timerid flags new_value old_value
inotify_init1 flags
inotify_add_watch fd pathname mask
inotify_rm_watch fd wd
fanotify_init flags event_f_flags
io_setup nr_events ctx_idp
io_submit ctx_id nr iocbpp
io_getevents ctx_id min_nr nr events timeout
io_destroy ctx_id
io_uring_setup entries p
io_uring_enter fd to_submit min_complete flags argp argsz
io_uring_register fd opcode arg nr_args
memfd_create name flags
userfaultfd flags
process_vm_readv pid local_iov liovcnt remote_iov riovcnt flags
process_vm_writev pid local_iov liovcnt remote_iov riovcnt flags
process_madvise pidfd iovec vlen advice flags
add_key type description payload plen keyring
request_key type description callout_info dest_keyring
keyctl operation arg2 arg3 arg4 arg5
getrandom buf buflen flags
shmget key size shmflg
shmat shmid shmaddr shmflg
shmdt shmaddr
shmctl shmid cmd buf
semget key nsems semflg
semop semid sops nsops
semctl semid semnum cmd arg
msgget key msgflg
msgsnd msqid msgp msgsz msgflg
msgrcv msqid msgp msgsz msgtyp msgflg
mq_open name oflag mode attr
set_tid_address tidptr
set_robust_list head len
restart_syscall
membarrier cmd flags cpu_id
rseq rseq rseq_len flags sig
move_pages pid count pages nodes status flags
mbind addr len mode nodemask maxnode flags
set_mempolicy mode nodemask maxnode
pkey_alloc flags access_rights
pkey_mprotect addr len prot pkey
landlock_create_ruleset attr size flags
"""
"""A line for each: its name, then those of its arguments in order.

Left out are those whose arguments stand in another order on some architecture (`clone`),
and those that few programs call.
"""
