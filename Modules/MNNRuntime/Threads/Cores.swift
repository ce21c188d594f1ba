import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The processor's cores, shared by all requests that run at a time: a request gets the threads that it asks for as long as there are
/// cores for them, and one at least.
///
/// Without this, eight tasks with two threads each are sixteen threads on two cores, which wait for each other inside every loop.
final class Cores: Sendable {
  /// Those of this process.
  static let shared = Cores(count: Cores.available())

  let count: Int
  private let taken = Atomic(0)

  init(count: Int) { self.count = max(1, count) }

  /// 1 to `wanted` cores, which must be given back.
  func take(_ wanted: Int) -> Int {
    var current = taken.load(ordering: .relaxed)
    while true {
      let granted = max(1, min(wanted, count - current))
      let (exchanged, original) = taken.compareExchange(
        expected: current, desired: current + granted, ordering: .relaxed)
      if exchanged { return granted }
      current = original
    }
  }

  func giveBack(_ granted: Int) { taken.subtract(granted, ordering: .relaxed) }

  /// The cores that this process may use: those it is bound to (`taskset`), at most what its control group grants (a container's
  /// limit), rounded up.
  static func available() -> Int {
    let online = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
    #if os(Linux)
      return max(1, min(boundCount() ?? online, groupLimit(root: "/sys/fs/cgroup", membership: "/proc/self/cgroup") ?? online))
    #else
      return online
    #endif
  }

  #if os(Linux)
    /// The cores that the process is bound to: the bits of a line of its status, hexadecimal words with commas between them.
    private static func boundCount() -> Int? {
      let line = smallFile("/proc/self/status")?.split(separator: "\n").first { $0.hasPrefix("Cpus_allowed:") }
      let count = line?.dropFirst("Cpus_allowed:".count).reduce(0) { $0 + ($1.hexDigitValue?.nonzeroBitCount ?? 0) }
      return count.flatMap { $0 > 0 ? $0 : nil }
    }

    /// The quota of the process's control group and of those around it, in cores; nil without one.
    ///
    /// - SeeAlso: Linux Documentation/admin-guide/cgroup-v2.rst, `cpu.max`: "$MAX $PERIOD", microseconds, or "max".
    static func groupLimit(root: String, membership: String) -> Int? {
      guard let line = smallFile(membership)?.split(separator: "\n").first(where: { $0.hasPrefix("0::") }) else { return nil }
      var parts = line.dropFirst(3).split(separator: "/").filter { $0 != ".." }
      var limit: Int?
      while true {
        if let text = smallFile(([Substring(root)] + parts + ["cpu.max"]).joined(separator: "/")) {
          let words = text.split(whereSeparator: \.isWhitespace).compactMap { Double($0) }
          if words.count == 2, words[0] > 0, words[1] > 0, words[0] / words[1] < 1e6 {
            limit = min(limit ?? .max, Int((words[0] / words[1]).rounded(.up)))
          }
        }
        if parts.isEmpty { return limit }
        parts.removeLast()
      }
    }

    /// The text of a file of the system, at most 4 kB.
    private static func smallFile(_ path: String) -> String? {
      let descriptor = open(path, O_RDONLY)
      guard descriptor >= 0 else { return nil }
      defer { close(descriptor) }
      var bytes = [UInt8](repeating: 0, count: 4096)
      let count = read(descriptor, &bytes, bytes.count)
      return count < 0 ? nil : String(decoding: bytes[..<count], as: UTF8.self)
    }
  #endif
}
