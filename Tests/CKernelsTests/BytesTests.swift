import CKernels
import Testing

@Suite struct BytesTests {
  private static func byte(_ v: Float, _ zero: Float, _ low: Float, _ high: Float) -> UInt8 {
    let q = v.rounded(.toNearestOrEven) + zero
    return UInt8(q.isNaN ? low : min(max(q, low), high))
  }

  private static func image<T>(_ planes: [T], n: Int, channels: Int, area: Int, pixel: Int, filler: T) -> [T] {
    var result = [T](repeating: filler, count: n * area * pixel)
    for i in 0..<n {
      for c in 0..<channels { for p in 0..<area { result[(i * area + p) * pixel + c] = planes[(i * channels + c) * area + p] } }
    }
    return result
  }

  @Test("turns planes into images and back, as floats and as bytes", arguments: Level.all)
  func layouts(level: Level) {
    var numbers = Numbers(seed: 81)
    for (n, channels, pixel) in [(1, 3, 4), (2, 1, 4), (1, 4, 4), (2, 3, 16), (1, 5, 16), (3, 16, 16), (2, 17, 32), (1, 40, 48)] {
      for area in [1, 2, 15, 16, 17, 64, 65, 300, 1025] {
        let q = ck_quantization(scale: 0.7, zero: 120, low: 3, high: 250)
        var values = numbers.floats(n * channels * area, in: -110...110)
        for (i, special) in [Float.nan, .infinity, -.infinity, 0.35, 1.05].enumerated() where i < values.count {
          values[i] = special
        }
        let bytes = values.map { Self.byte($0 / q.scale, q.zero, q.low, q.high) }
        let wanted = Self.image(bytes, n: n, channels: channels, area: area, pixel: pixel, filler: 0)
        let x = GuardedBuffer(values)
        let y = GuardedBuffer(count: wanted.count, repeating: UInt8(7))
        let planes = GuardedBuffer(bytes.map { $0 ^ 0x80 })
        let z = GuardedBuffer(count: wanted.count, repeating: UInt8(7))
        for threads: Int32 in [1, 2] {
          ck_f32_quantize_image(level.isa, q, n, channels, area, pixel, x.base, y.base, threads)
          #expect(y.elements == wanted && y.isIntact, "\(n) × \(channels) × \(area)")
          ck_u8_planes_to_image(0x80, n, channels, area, pixel, planes.base, z.base, threads)
          #expect(z.elements == wanted && z.isIntact, "\(n) × \(channels) × \(area)")
          let back = GuardedBuffer(count: bytes.count, repeating: UInt8(7))
          ck_u8_image_to_planes(0x80, n, channels, area, pixel, z.base, back.base, threads)
          #expect(back.elements == planes.elements && back.isIntact)
          let floats = GuardedBuffer(count: bytes.count, repeating: Float(7))
          ck_f32_dequantize_image(level.isa, 0.7, 120, n, channels, area, pixel, z.base, floats.base, threads)
          #expect(floats.elements == bytes.map { (Float($0) - 120) * 0.7 } && floats.isIntact)
        }
      }
    }
  }

  @Test("adds bytes of different scales, halves to even", arguments: Level.all)
  func sums(level: Level) {
    var numbers = Numbers(seed: 82)
    for n in level.lengths + [65_600] {
      let sum = ck_byte_sum(
        a: ck_byte_operand(scale: 0.5, zero: 13), b: ck_byte_operand(scale: 0.75, zero: 200), zero: 90, low: 4, high: 240)
      let a = GuardedBuffer((0..<n).map { _ in UInt8.random(in: 0...255, using: &numbers) }, misaligned: 1)
      let b = GuardedBuffer((0..<n).map { _ in UInt8.random(in: 0...255, using: &numbers) })
      let wanted = (0..<n).map { i in
        Self.byte((Float(a.base[i]) - 13) * 0.5 + (Float(b.base[i]) - 200) * 0.75, 90, 4, 240)
      }
      let y = GuardedBuffer(count: n, repeating: UInt8(7))
      withUnsafePointer(to: sum) { ck_u8_add(level.isa, $0, n, a.base, b.base, y.base, 2) }
      #expect(y.elements == wanted && y.isIntact, "\(n)")
      withUnsafePointer(to: sum) { ck_u8_add(level.isa, $0, n, a.base, b.base, a.base, 1) }
      #expect(a.elements == wanted, "in place, \(n)")
    }
  }

  @Test("averages images", arguments: Level.all)
  func means(level: Level) {
    var numbers = Numbers(seed: 83)
    for (n, area, pixel) in [(1, 1, 4), (2, 49, 16), (3, 7, 80), (1, 4096, 64), (2, 50, 208)] {
      let mean = ck_byte_mean(x_zero: 21, scale: 1.3 / Float(area), zero: 11, low: 2, high: 201)
      let x = GuardedBuffer((0..<n * area * pixel).map { _ in UInt8.random(in: 0...255, using: &numbers) })
      var wanted: [UInt8] = []
      for i in 0..<n {
        for c in 0..<pixel {
          let sum = (0..<area).reduce(0) { $0 + Int(x.base[(i * area + $1) * pixel + c]) - 21 }
          wanted.append(Self.byte(Float(sum) * mean.scale, 11, 2, 201))
        }
      }
      for threads: Int32 in [1, 2] {
        let y = GuardedBuffer(count: n * pixel, repeating: UInt8(7))
        withUnsafePointer(to: mean) { ck_u8_mean(level.isa, $0, n, area, pixel, x.base, y.base, threads) }
        #expect(y.elements == wanted && y.isIntact, "\(n) × \(area) × \(pixel)")
      }
    }
  }
}
