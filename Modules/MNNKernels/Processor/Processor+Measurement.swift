import CKernels
import Dispatch
import MNNGraph

extension Processor {
  /// The float32 multiply-add rate of some threads together, measured now, in GFLOP/s: the ceiling of what a kernel can reach.
  /// Takes about 20 milliseconds.
  ///
  /// - Parameter threads: how many run at once, at least 1.
  package func measuredPeak(threads: Int = 1) -> Double {
    let rounds: UInt64 = 4_000_000
    let isa = isa
    var sink = [Float](repeating: 0, count: 16)
    let operations = Double(ck_f32_peak(isa, 1, &sink)) * Double(rounds) * Double(max(1, threads))
    return operations
      / fastest(threads) { _ in
        withUnsafeTemporaryAllocation(of: Float.self, capacity: 16) { _ = ck_f32_peak(isa, rounds, $0.baseAddress) }
      } / 1e9
  }

  /// How fast some threads together read an array of 64 MB, measured now, in GB/s. Takes about 30 milliseconds; 0 if there is no memory
  /// for the array.
  ///
  /// - Parameter threads: how many read at once, at least 1, each a part of its own.
  package func measuredBandwidth(threads: Int = 1) -> Double {
    let threads = max(1, threads)
    let byteCount = 64 << 20
    guard let array = try? Tensor.zeros(.float32, [byteCount / 4]) else { return 0 }
    let isa = isa
    let seconds = fastest(threads) { i in
      array.withUnsafeBytes { bytes in
        let floats = bytes.bindMemory(to: Float.self)
        let each = floats.count / threads
        _ = floats.baseAddress.map { ck_f32_stream(isa, $0 + i * each, each) }
      }
    }
    return Double(byteCount) / seconds / 1e9
  }

  /// The seconds of the best of five times that `body` runs on all threads at once.
  private func fastest(_ threads: Int, _ body: @Sendable (Int) -> Void) -> Double {
    let clock = ContinuousClock()
    let times = (0..<5).map { _ in
      clock.measure {
        if threads > 1 { DispatchQueue.concurrentPerform(iterations: threads, execute: body) } else { body(0) }
      }
    }
    let best = times.min() ?? .zero
    return max(1e-9, Double(best.components.seconds) + Double(best.components.attoseconds) / 1e18)
  }
}
