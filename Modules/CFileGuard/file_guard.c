#define _GNU_SOURCE
#include "file_guard.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

struct MNNGuardedRange {
  // Both 0 in a range that is not in use. The handler may come at any moment, so `end` is written last and cleared first.
  _Atomic uintptr_t start;
  _Atomic uintptr_t end;
  _Atomic int damaged;
  // Never changes once the range is in the list: ranges are used again, not freed, because a handler may be walking the list.
  MNNGuardedRange *next;
};

static _Atomic(MNNGuardedRange *) ranges;
static atomic_uint_fast64_t damage_count;
static pthread_mutex_t changing = PTHREAD_MUTEX_INITIALIZER;
static int is_installed;
static struct sigaction previous;
static uintptr_t page_size;

// Another handler's turn: as if this one were not there.
static void pass_on(int signal_number, siginfo_t *info, void *context) {
  if (previous.sa_flags & SA_SIGINFO) {
    previous.sa_sigaction(signal_number, info, context);
  } else if (previous.sa_handler != SIG_DFL && previous.sa_handler != SIG_IGN) {
    previous.sa_handler(signal_number);
  } else if (previous.sa_handler == SIG_DFL || info->si_code > 0) {
    // A fault comes again when the handler returns; a signal that was sent does not.
    struct sigaction standard = {.sa_handler = SIG_DFL};
    sigaction(signal_number, &standard, NULL);
    if (info->si_code <= 0) raise(signal_number);
  }
}

static void on_bus_error(int signal_number, siginfo_t *info, void *context) {
  int saved = errno;
  uintptr_t address = (uintptr_t)info->si_addr;
  for (MNNGuardedRange *range = atomic_load(&ranges); range && info->si_code > 0; range = range->next) {
    uintptr_t end = atomic_load(&range->end);
    uintptr_t start = atomic_load(&range->start);
    if (end == 0 || address < start || address >= end) continue;
    // What follows a missing page is missing too, or belongs to a file that is no longer what it was.
    uintptr_t first = address & ~(page_size - 1);
    void *zeros = mmap((void *)first, end - first, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    if (zeros == MAP_FAILED) break;
    if (atomic_exchange(&range->damaged, 1) == 0) atomic_fetch_add(&damage_count, 1);
    errno = saved;
    return;
  }
  errno = saved;
  pass_on(signal_number, info, context);
}

static int install(void) {
  if (is_installed) return 1;
  page_size = (uintptr_t)sysconf(_SC_PAGESIZE);
  struct sigaction action = {.sa_sigaction = on_bus_error, .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER};
  sigemptyset(&action.sa_mask);
  // First read, so that a handler that comes at once knows where to pass on to.
  if (sigaction(SIGBUS, NULL, &previous) != 0) return 0;
  is_installed = sigaction(SIGBUS, &action, NULL) == 0;
  return is_installed;
}

MNNGuardedRange *mnn_guard_add(const void *start, size_t count) {
  pthread_mutex_lock(&changing);
  MNNGuardedRange *range = NULL;
  if (install()) {
    range = atomic_load(&ranges);
    while (range && atomic_load(&range->end) != 0) range = range->next;
    if (!range && (range = calloc(1, sizeof *range))) {
      range->next = atomic_load(&ranges);
      atomic_store(&ranges, range);
    }
    if (range) {
      atomic_store(&range->damaged, 0);
      atomic_store(&range->start, (uintptr_t)start);
      atomic_store(&range->end, (uintptr_t)start + count);
    }
  }
  pthread_mutex_unlock(&changing);
  return range;
}

void mnn_guard_remove(MNNGuardedRange *range) {
  pthread_mutex_lock(&changing);
  atomic_store(&range->end, 0);
  atomic_store(&range->start, 0);
  pthread_mutex_unlock(&changing);
}

int mnn_guard_is_damaged(const MNNGuardedRange *range) { return atomic_load(&((MNNGuardedRange *)range)->damaged); }

uint64_t mnn_guard_damage_count(void) { return atomic_load(&damage_count); }
