// Scripts/tests/sanitizers defines THREAD_SANITIZER: the sanitizer does not see the futex of Synchronization's Mutex and takes all
// that it guards for races. This stand-in of the same name guards the same sections with a lock that it sees.
#if THREAD_SANITIZER && canImport(Glibc)
  import Glibc

  final class Mutex<Value>: @unchecked Sendable {
    private let lock: UnsafeMutablePointer<pthread_mutex_t>
    private var value: Value

    init(_ value: sending Value) {
      lock = .allocate(capacity: 1)
      pthread_mutex_init(lock, nil)
      self.value = value
    }

    deinit {
      pthread_mutex_destroy(lock)
      lock.deallocate()
    }

    func withLock<R, E: Error>(_ body: (inout Value) throws(E) -> R) throws(E) -> R {
      pthread_mutex_lock(lock)
      defer { pthread_mutex_unlock(lock) }
      return try body(&value)
    }
  }
#endif
