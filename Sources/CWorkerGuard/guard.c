#define _GNU_SOURCE
#include "internals.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

#ifndef sigev_notify_thread_id
#define sigev_notify_thread_id _sigev_un._tid
#endif

enum {
  /// Room for the unwinder, which takes about 10 kB, beside the registers that the kernel saves (up to 11 kB with AMX).
  SIGNAL_STACK = 128 << 10,
  /// A fault this far below the stack, or this close above its lower end, is an overflow: the kernel keeps 1 MiB free there.
  STACK_GAP = 1 << 20,
  STACK_REST = 64 << 10,
  /// The processor time of a document is counted in ticks of this part of the limit.
  TICKS = 16,
  /// How many stacks are compared at the limit, and the least time between two: the kernel looks at timers every 4 ms (HZ=250).
  /// A loop that spends nine tenths of its time in one callee is taken for that callee in 3 of 100 cases, with 8 samples in 43.
  SAMPLES = 32,
  SAMPLE_NANOSECONDS = 5000000,
  /// How many outermost frames of a sample are kept. A deeper one is walked all the same.
  SAMPLE_FRAMES = 1024,
  /// How long the writing down may take. Only a walk that waits for a lock takes long.
  LAST_SECONDS = 2,
};

static const int crash_signals[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGTRAP, SIGSYS};

static struct worker_status *shared_status;
static uintptr_t stack_low, stack_high;
static timer_t limit_timer;
static bool has_timer;
/// The limit that the timer is set to.
static int64_t armed_limit;
/// Counts the documents that were begun. Sequence numbers may repeat, these do not.
static uint64_t generation;

// MARK: Status

uint64_t worker_status_sequence(const struct worker_status *status) { return __atomic_load_n(&status->sequence, __ATOMIC_ACQUIRE); }
int32_t worker_status_stage(const struct worker_status *status) { return __atomic_load_n(&status->stage, __ATOMIC_ACQUIRE); }
int64_t worker_status_started(const struct worker_status *status) { return __atomic_load_n(&status->started, __ATOMIC_ACQUIRE); }
int32_t worker_status_cause(const struct worker_status *status) { return __atomic_load_n(&status->cause, __ATOMIC_ACQUIRE); }

const uint64_t *worker_status_frames(const struct worker_status *status) { return status->frames; }
const struct worker_module *worker_status_modules(const struct worker_status *status) { return status->modules; }
const char *worker_module_path(const struct worker_module *module) { return module->path; }

// MARK: Memory

int64_t worker_guard_data_bytes(void) {
  int descriptor = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return -1;
  char text[256];
  ssize_t length = read(descriptor, text, sizeof text);
  close(descriptor);
  // Pages: size, resident, shared, text, 0, data and stack, 0.
  int field = 0;
  int64_t pages = 0;
  for (ssize_t i = 0; i < length; i++) {
    if (text[i] == ' ') {
      if (field == 5) return pages * getpagesize();
      field++;
      pages = 0;
    } else if (text[i] >= '0' && text[i] <= '9') {
      pages = pages * 10 + (text[i] - '0');
    }
  }
  return -1;
}

int worker_guard_limit_data(uint64_t bytes) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_DATA, &limit) != 0) return errno;
  limit.rlim_cur = bytes < limit.rlim_max ? bytes : limit.rlim_max;
  return setrlimit(RLIMIT_DATA, &limit) == 0 ? 0 : errno;
}

int worker_guard_no_core(void) {
  // Linux pipes a core to a program whatever the limit, except at 1; a file of one byte is too short to be made (core(5)).
  struct rlimit limit;
  if (getrlimit(RLIMIT_CORE, &limit) != 0) return errno;
  limit.rlim_cur = limit.rlim_max < 1 ? limit.rlim_max : 1;
  return setrlimit(RLIMIT_CORE, &limit) == 0 ? 0 : errno;
}

struct crash_frames {
  struct worker_status *status;
  int count;
};

/// Writes each frame down as it comes, so that a fault in the unwinder leaves those before.
static bool add_crash_frame(void *into, uint64_t address, [[maybe_unused]] uint64_t function) {
  struct crash_frames *frames = into;
  if (frames->count >= WORKER_FRAMES) return false;
  frames->status->frames[frames->count] = address;
  frames->count++;
  frames->status->frame_count = frames->count;
  note_module(frames->status, address);
  return true;
}

struct sample {
  uint64_t depth;
  /// The frames by their number modulo the size, innermost first: the last ones, which are outermost, stay.
  uint64_t instructions[SAMPLE_FRAMES];
  uint64_t functions[SAMPLE_FRAMES];
};

static struct sample shared_frames, next_sample;
static bool is_sampling;

static bool add_sample_frame(void *into, uint64_t address, uint64_t function) {
  struct sample *sample = into;
  uint64_t place = sample->depth % SAMPLE_FRAMES;
  sample->instructions[place] = address;
  sample->functions[place] = function;
  sample->depth++;
  return true;
}

static void take_sample(struct sample *sample, ucontext_t *context) {
  sample->depth = 0;
  struct walk walk = {.add = add_sample_frame, .into = sample, .stack_high = stack_high};
  is_sampling = true;
  walk_stack(&walk, context);
  is_sampling = false;
}

/// Takes away what is not in both: the loop's functions stay, those that it happened to call go.
static void keep_common(struct sample *kept, const struct sample *other) {
  uint64_t common = 0;
  while (common < kept->depth && common < other->depth && common < SAMPLE_FRAMES) {
    uint64_t mine = (kept->depth - 1 - common) % SAMPLE_FRAMES, theirs = (other->depth - 1 - common) % SAMPLE_FRAMES;
    if (kept->functions[mine] != other->functions[theirs]) break;
    common++;
  }
  if (common == 0) {
    // One of the two walks broke off, in code without unwind tables.
    if (other->depth > kept->depth) memcpy(kept, other, sizeof *kept);
    return;
  }
  uint64_t dropped = kept->depth - common;
  if (dropped == 0) return;
  static uint64_t rest[2][SAMPLE_FRAMES];
  for (uint64_t i = 0; i < common; i++) {
    rest[0][i] = kept->instructions[(dropped + i) % SAMPLE_FRAMES];
    rest[1][i] = kept->functions[(dropped + i) % SAMPLE_FRAMES];
  }
  memcpy(kept->instructions, rest[0], common * sizeof rest[0][0]);
  memcpy(kept->functions, rest[1], common * sizeof rest[1][0]);
  kept->depth = common;
}

// MARK: The end

/// The thread that writes the end down; 0 while there is none.
static pid_t ending_thread;
/// The signal to die of; 0: exit, the time is over.
static int ending_signal;

[[noreturn]] static void die(void) {
  int signal = ending_signal;
  if (signal == 0) _exit(WORKER_TIME_LIMIT_EXIT);
  struct sigaction action = {.sa_handler = SIG_DFL};
  sigaction(signal, &action, nullptr);
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, signal);
  pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
  syscall(SYS_tgkill, getpid(), gettid(), signal);
  _exit(128 + signal);
}

static void on_alarm([[maybe_unused]] int signal) { die(); }

/// Whether this thread is to write the end down. Dies where it already did and failed, waits where another does.
static void begin_end(int signal) {
  pid_t none = 0, thread = gettid();
  if (!__atomic_compare_exchange_n(&ending_thread, &none, thread, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) {
    if (none == thread) die();
    while (true) pause();
  }
  ending_signal = signal;
}

static bool is_stack_overflow(int signal, const siginfo_t *info, uintptr_t stack_pointer) {
  if (signal != SIGSEGV && signal != SIGBUS) return false;
  // Sent by kill or raise.
  if (info->si_code <= 0) return false;
  uintptr_t low = stack_low - STACK_GAP, high = stack_low + STACK_REST, fault = (uintptr_t)info->si_addr;
  return (fault >= low && fault < high) || (stack_pointer >= low && stack_pointer < high);
}

[[noreturn]] static void end_of_time(struct worker_status *status);

static void on_crash(int signal, siginfo_t *info, void *data) {
  // The unwinder fell over a broken stack. The time was over before.
  if (is_sampling) end_of_time(shared_status);
  begin_end(signal);
  struct worker_status *status = shared_status;
  ucontext_t *context = data;
  greg_t *registers = context->uc_mcontext.gregs;
  status->signal = signal;
  status->stack_overflow = is_stack_overflow(signal, info, (uintptr_t)registers[REG_RSP]);
  status->frames[0] = (uint64_t)registers[REG_RIP];
  status->frame_count = 1;
  note_module(status, status->frames[0]);
  status->data_bytes = worker_guard_data_bytes();
  __atomic_store_n(&status->cause, WORKER_SIGNAL, __ATOMIC_RELEASE);

  struct sigaction action = {.sa_handler = on_alarm};
  sigaction(SIGALRM, &action, nullptr);
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGALRM);
  pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
  alarm(LAST_SECONDS);

  // Writes the first frame again.
  struct crash_frames frames = {.status = status};
  struct walk walk = {.add = add_crash_frame, .into = &frames, .stack_high = stack_high};
  walk_stack(&walk, context);
  die();
}

// MARK: The time limit

static void set_timer(int64_t first, int64_t interval) {
  struct itimerspec time = {
    .it_value = {.tv_sec = first / 1000000000, .tv_nsec = first % 1000000000},
    .it_interval = {.tv_sec = interval / 1000000000, .tv_nsec = interval % 1000000000},
  };
  timer_settime(limit_timer, 0, &time, nullptr);
}

static int64_t tick(void) { return armed_limit > TICKS ? armed_limit / TICKS : 1; }

static void end_of_time(struct worker_status *status) {
  begin_end(0);
  int count = shared_frames.depth < WORKER_FRAMES ? (int)shared_frames.depth : WORKER_FRAMES;
  if (shared_frames.depth > SAMPLE_FRAMES) {
    // The innermost ones are no longer known.
    uint64_t lost = shared_frames.depth - SAMPLE_FRAMES;
    for (int i = 0; i < count; i++) status->frames[i] = shared_frames.instructions[(lost + (uint64_t)i) % SAMPLE_FRAMES];
  } else {
    for (int i = 0; i < count; i++) status->frames[i] = shared_frames.instructions[i];
  }
  status->frame_count = count;
  for (int i = 0; i < count; i++) note_module(status, status->frames[i]);
  status->data_bytes = worker_guard_data_bytes();
  __atomic_store_n(&status->cause, WORKER_TIME_LIMIT, __ATOMIC_RELEASE);
  die();
}

static void on_tick(int signal, siginfo_t *info, void *data) {
  // The limit of the whole process (RLIMIT_CPU), or another process's wish.
  if (info->si_code != SI_TIMER) on_crash(signal, info, data);

  static uint64_t counted_generation;
  static int64_t ticks;
  static int samples;
  int error = errno;
  struct worker_status *status = shared_status;
  uint64_t current = __atomic_load_n(&generation, __ATOMIC_RELAXED);
  bool is_new = current != counted_generation;
  bool is_idle = __atomic_load_n(&status->sequence, __ATOMIC_RELAXED) == 0;
  if (is_new || is_idle) {
    counted_generation = current;
    ticks = 0;
    if (samples > 0) {
      samples = 0;
      set_timer(tick(), tick());
    }
  }
  if (!is_idle) {
    // Ticks that were missed before the first one may belong to the document before.
    if (samples == 0) ticks += is_new ? 1 : 1 + info->si_overrun;
    // So many ends of ticks enclose the whole limit.
    if (ticks > TICKS) {
      if (samples == 0) {
        int64_t interval = tick() / SAMPLES;
        if (interval < SAMPLE_NANOSECONDS) interval = SAMPLE_NANOSECONDS;
        set_timer(interval, interval);
        take_sample(&shared_frames, data);
      } else {
        take_sample(&next_sample, data);
        keep_common(&shared_frames, &next_sample);
      }
      samples++;
      if (samples >= SAMPLES) end_of_time(status);
    }
  }
  errno = error;
}

static void arm(int64_t limit) {
  if (!has_timer) return;
  armed_limit = limit;
  if (limit > 0) {
    set_timer(tick(), tick());
  } else {
    set_timer(0, 0);
  }
}

// MARK: Documents

void worker_guard_begin(struct worker_status *status, uint64_t sequence, int64_t cpu_limit) {
  if (cpu_limit != armed_limit) arm(cpu_limit);
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  __atomic_store_n(&status->started, now.tv_sec * 1000000000 + now.tv_nsec, __ATOMIC_RELAXED);
  __atomic_store_n(&status->stage, -1, __ATOMIC_RELAXED);
  __atomic_store_n(&generation, generation + 1, __ATOMIC_RELAXED);
  __atomic_store_n(&status->sequence, sequence, __ATOMIC_RELEASE);
}

void worker_guard_stage(struct worker_status *status, int32_t index) { __atomic_store_n(&status->stage, index, __ATOMIC_RELEASE); }

void worker_guard_end(struct worker_status *status) {
  __atomic_store_n(&status->stage, -1, __ATOMIC_RELAXED);
  __atomic_store_n(&status->sequence, 0, __ATOMIC_RELEASE);
}

// MARK: Installation

int worker_guard_install(struct worker_status *status) {
  memset(status, 0, sizeof *status);
  status->stage = -1;
  status->data_bytes = -1;
  shared_status = status;

  pthread_attr_t attributes;
  void *low;
  size_t size;
  int error = pthread_getattr_np(pthread_self(), &attributes);
  if (error != 0) return error;
  pthread_attr_getstack(&attributes, &low, &size);
  pthread_attr_destroy(&attributes);
  stack_low = (uintptr_t)low;
  stack_high = stack_low + size;

  // The loader finds the functions now that the handlers call later.
  struct crash_frames frames = {.status = status};
  struct walk walk = {.add = add_crash_frame, .into = &frames, .stack_high = stack_high};
  prepare_walk(&walk);
  worker_guard_data_bytes();
  status->frame_count = 0;
  list_modules(status);

  size_t page = (size_t)getpagesize(), stack_size = SIGNAL_STACK + ((getauxval(AT_MINSIGSTKSZ) + page - 1) & ~(page - 1));
  char *memory = mmap(nullptr, page + stack_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
  if (memory == MAP_FAILED) return errno;
  // The handlers' stack may overflow in its turn.
  mprotect(memory, page, PROT_NONE);
  stack_t stack = {.ss_sp = memory + page, .ss_size = stack_size};
  if (sigaltstack(&stack, nullptr) != 0) return errno;

  struct sigaction action = {.sa_sigaction = on_crash, .sa_flags = SA_ONSTACK | SA_SIGINFO | SA_RESETHAND};
  sigemptyset(&action.sa_mask);
  // The last document's time must not end while its end is written down.
  sigaddset(&action.sa_mask, SIGXCPU);
  for (size_t i = 0; i < sizeof crash_signals / sizeof crash_signals[0]; i++) {
    if (sigaction(crash_signals[i], &action, nullptr) != 0) return errno;
  }
  struct sigaction tick_action = {.sa_sigaction = on_tick, .sa_flags = SA_ONSTACK | SA_SIGINFO | SA_RESTART};
  sigemptyset(&tick_action.sa_mask);
  if (sigaction(SIGXCPU, &tick_action, nullptr) != 0) return errno;
  sigset_t set;
  sigemptyset(&set);
  for (size_t i = 0; i < sizeof crash_signals / sizeof crash_signals[0]; i++) sigaddset(&set, crash_signals[i]);
  sigaddset(&set, SIGXCPU);
  // A mask outlives exec, and a parent may have blocked them.
  pthread_sigmask(SIG_UNBLOCK, &set, nullptr);

  // The work thread's own clock, and its own signal: what other threads use does not count, and the stack is that of the document.
  struct sigevent event = {.sigev_notify = SIGEV_THREAD_ID, .sigev_signo = SIGXCPU};
  event.sigev_notify_thread_id = gettid();
  if (timer_create(CLOCK_THREAD_CPUTIME_ID, &event, &limit_timer) != 0) return errno;
  has_timer = true;
  armed_limit = 0;
  return 0;
}
