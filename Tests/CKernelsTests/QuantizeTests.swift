import CKernels
import Testing

@Suite struct QuantizeTests {
  static func quantized(_ x: Float, _ q: ck_quantization) -> Float {
    let v = (x / q.scale).rounded(.toNearestOrEven) + q.zero
    return v.isNaN ? q.low : min(max(v, q.low), q.high)
  }

  @Test("rounds halves to even, saturates, and gives back what is left", arguments: Level.all)
  func definition(level: Level) {
    var numbers = Numbers(seed: 60)
    for n in level.lengths {
      for (isSigned, channels) in [(true, 1), (false, 1), (true, 3), (false, 5)] {
        let parameters = (0..<channels).map { k in
          ck_quantization(
            scale: 0.5 + Float(k), zero: Float(isSigned ? k - 3 : 100 + k), low: isSigned ? -128 : 0, high: isSigned ? 127 : 255)
        }
        var values = numbers.floats(2 * channels * n, in: -300...300)
        for (i, special) in [Float.nan, .infinity, -.infinity, 0.25, 0.75, 1.25].enumerated() where i < values.count {
          values[i] = special
        }
        let wanted = values.indices.map { Self.quantized(values[$0], parameters[$0 / max(n, 1) % channels]) }
        let restored = values.indices.map { i in
          let q = parameters[i / max(n, 1) % channels]
          return Double((wanted[i] - q.zero) * q.scale)
        }
        let x = GuardedBuffer(values, misaligned: 1)
        for threads: Int32 in [1, 2] {
          let bytes = GuardedBuffer(count: values.count, repeating: UInt8(7))
          ck_f32_quantize(level.isa, isSigned ? 1 : 0, 2, channels, n, parameters, x.base, bytes.base, threads)
          let found = bytes.elements.map { isSigned ? Float(Int8(bitPattern: $0)) : Float($0) }
          #expect(found == wanted && bytes.isIntact, "\(n) × \(channels)")
          let y = GuardedBuffer(count: values.count, repeating: Float(7))
          ck_f32_dequantize(level.isa, isSigned ? 1 : 0, 2, channels, n, parameters, bytes.base, y.base, threads)
          #expect(firstDifference(y.elements, restored, relative: 1e-6) == nil && y.isIntact)
          if channels == 1 {
            let z = GuardedBuffer(values)
            ck_f32_fake_quantize(level.isa, parameters[0], values.count, z.base, z.base, threads)
            #expect(firstDifference(z.elements, restored, relative: 1e-6) == nil && z.isIntact)
          }
        }
      }
    }
  }
}
