#ifndef MNN_FILE_GUARD_H
#define MNN_FILE_GUARD_H

#include <stddef.h>
#include <stdint.h>

// Mapped files that somebody else may truncate. Reading a page beyond the new end raises SIGBUS, which would end the process.
// The handler here answers for guarded ranges alone: it puts zeros where the file was and marks the range as damaged, so that
// the reader goes on and whoever called it can report the damage. Every other SIGBUS goes to the handler that was there before.
//
// The one state of this target is the list of guarded ranges; a handler has no other way to know them.

typedef struct MNNGuardedRange MNNGuardedRange;

/// Guards a mapping; installs the handler the first time. NULL if there is no memory for it or the handler cannot be installed.
MNNGuardedRange *mnn_guard_add(const void *start, size_t count);

/// Ends the guarding, before the range is unmapped. Nobody may be reading it.
void mnn_guard_remove(MNNGuardedRange *range);

/// Whether a part of the range could not be read and was replaced by zeros.
int mnn_guard_is_damaged(const MNNGuardedRange *range);

/// How many ranges were damaged since the process began.
uint64_t mnn_guard_damage_count(void);

#endif
