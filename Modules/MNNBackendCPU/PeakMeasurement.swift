import CKernels

extension CPUBackend {
  /// The float32 multiply-add rate of one core, measured now, in GFLOP/s: the ceiling of what a kernel can reach. Takes about
  /// 20 milliseconds.
  public func measuredPeak() -> Double {
    var sink = [Float](repeating: 0, count: 16)
    let clock = ContinuousClock()
    var best = 0.0
    for _ in 0..<5 {
      var operations: UInt64 = 0
      let time = clock.measure { operations = ck_f32_peak(processor.isa, 4_000_000, &sink) }
      let seconds = Double(time.components.attoseconds) / 1e18 + Double(time.components.seconds)
      if seconds > 0 { best = max(best, Double(operations) / seconds / 1e9) }
    }
    return best
  }
}
