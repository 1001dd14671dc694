#ifndef CWORKERSPAWN_H
#define CWORKERSPAWN_H

#include <stddef.h>
#include <sys/types.h>

/// Starts a program with nothing open but what it is given, in a process group of its own, with no signals blocked, and without the
/// crash reports of Swift's runtime.
///
/// `arguments` begins with the program's path and ends with NULL. The descriptor `sources[i]` becomes `numbers[i]` in the process; 0 and 1
/// are /dev/null. Returns 0, or the number of an error.
int worker_spawn(pid_t *process, const char *const *arguments, const int *sources, const int *numbers, size_t count);

/// Starts a program in `folder`, in a session of its own, with `descriptors` as its standard input, output and errors and nothing else
/// open. It is killed when the calling thread ends, so that thread must live as long as the process does.
///
/// `path` is not looked up. `arguments` begins with the program's name and ends with NULL. Returns 0, or the number of an error.
int plugin_spawn(pid_t *process, const char *path, const char *const *arguments, const char *folder, const int descriptors[3]);

/// A descriptor that becomes readable when a child ends; -1 for none.
int plugin_watch(pid_t process);

/// A descriptor that becomes readable when eight bytes that are not all zero are written to it, until they are read; -1 for none.
int worker_event(void);

/// Memory that two processes can map, of a size that neither can change: a descriptor that is closed on exec, or -1.
int worker_shared_memory(size_t size);

/// A pipe whose ends are closed on exec; 0, or -1.
int worker_pipe(int ends[2]);

/// `SEGV` for SIGSEGV; NULL for a number that is no signal.
const char *worker_signal_name(int signal);

#endif
