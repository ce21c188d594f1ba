import MNNBackendCPU
import MNNRuntime

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// What bounds every kernel on this machine, measured with as many threads as the model ran with.
struct Machine {
  var processor: String
  var threads: Int
  /// Multiplications and additions of all threads together, in GFLOP/s.
  var peak: Double
  /// Reading an array that fits no cache of a core, all threads together, in GB/s.
  var bandwidth: Double

  static func measured(threads: Int) throws -> Machine {
    let backend = try CPUBackend()
    return Machine(
      processor: name, threads: threads, peak: backend.measuredPeak(threads: threads),
      bandwidth: backend.measuredBandwidth(threads: threads))
  }

  private static var name: String {
    guard let file = fopen("/proc/cpuinfo", "r") else { return "this machine" }
    defer { fclose(file) }
    var buffer = [CChar](repeating: 0, count: 4096)
    let count = fread(&buffer, 1, buffer.count, file)
    let text = String(decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let line = text.split(separator: "\n").first { $0.hasPrefix("model name") }
    return line?.split(separator: ":").last.map { String($0.drop(while: \.isWhitespace)) } ?? "this machine"
  }
}
