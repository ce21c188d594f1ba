import MNNRuntime
import ProgramSupport

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Whether something else ran on the machine while this process measured.
struct NoiseMeter {
  private let start = ContinuousClock.now
  private let before = NoiseMeter.usage()

  private struct Usage {
    var processorSeconds: Double
    /// How often the system took the processor away.
    var interruptions: Int
  }

  private static func usage() -> Usage {
    var usage = rusage()
    #if canImport(Darwin)
      getrusage(RUSAGE_SELF, &usage)
    #else
      getrusage(numericCast(RUSAGE_SELF.rawValue), &usage)
    #endif
    func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
    return Usage(
      processorSeconds: seconds(usage.ru_utime) + seconds(usage.ru_stime), interruptions: Int(usage.ru_nivcsw))
  }

  /// In words; empty on a quiet machine.
  ///
  /// - Parameter threads: how many threads the measured work had at least.
  func findings(threads: Int) -> [String] {
    let wall = (ContinuousClock.now - start).milliseconds / 1e3
    let after = NoiseMeter.usage()
    var result: [String] = []
    // The calling thread never waits but for its workers, so less than one processor is time that others took.
    let share = (after.processorSeconds - before.processorSeconds) / max(wall, 1e-9)
    if share < 0.92 { result.append("the process had \(fixed(100 * share, 0)) % of a core") }
    let rate = Double(after.interruptions - before.interruptions) / max(wall, 1e-9)
    if rate > 50 { result.append("it was interrupted \(fixed(rate, 0)) times a second") }
    var load = [0.0]
    if getloadavg(&load, 1) == 1 {
      let others = load[0] - Double(threads)
      if others > 0.5 * Double(RuntimeManager.availableCores) {
        result.append("about \(fixed(others, 0)) other processes want to run")
      }
    }
    return result
  }
}
