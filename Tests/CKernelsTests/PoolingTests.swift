import CKernels
import Foundation
import Testing

@Suite struct PoolingTests {
  static func shape(
    _ height: Int, _ width: Int, kernel: (Int, Int), stride: (Int, Int), pad: (Int, Int, Int, Int) = (0, 0, 0, 0),
    dilation: (Int, Int) = (1, 1),
    ceil: Bool = false
  ) -> ck_pool_shape {
    func out(_ size: Int, _ before: Int, _ after: Int, _ kernel: Int, _ stride: Int, _ dilation: Int) -> Int {
      let reach = size + before + after - (kernel - 1) * dilation - 1
      return (ceil ? (reach + stride - 1) / stride : reach / stride) + 1
    }
    return ck_pool_shape(
      in_h: height, in_w: width, out_h: out(height, pad.0, pad.2, kernel.0, stride.0, dilation.0),
      out_w: out(width, pad.1, pad.3, kernel.1, stride.1, dilation.1), kernel_h: kernel.0, kernel_w: kernel.1, stride_h: stride.0,
      stride_w: stride.1, dilation_h: dilation.0, dilation_w: dilation.1, pad_top: pad.0, pad_left: pad.1, pad_bottom: pad.2,
      pad_right: pad.3)
  }

  static let shapes: [ck_pool_shape] = [
    shape(12, 12, kernel: (2, 2), stride: (2, 2)), shape(13, 45, kernel: (2, 2), stride: (2, 2)),
    shape(13, 77, kernel: (3, 3), stride: (2, 2), pad: (1, 1, 1, 1)),
    shape(12, 40, kernel: (3, 3), stride: (2, 2), ceil: true), shape(7, 7, kernel: (3, 3), stride: (1, 1), pad: (1, 1, 1, 1)),
    shape(35, 35, kernel: (3, 3), stride: (1, 1), pad: (1, 1, 1, 1)),
    shape(5, 60, kernel: (5, 5), stride: (1, 1), pad: (2, 2, 2, 2)),
    shape(9, 9, kernel: (9, 9), stride: (1, 1)), shape(1, 50, kernel: (1, 4), stride: (1, 3), pad: (0, 2, 0, 1)),
    shape(20, 21, kernel: (3, 2), stride: (3, 1), pad: (1, 0, 2, 1), dilation: (2, 3)),
    shape(4, 4, kernel: (3, 3), stride: (2, 2), pad: (0, 0, 1, 1), ceil: true),
    shape(3, 3, kernel: (2, 2), stride: (2, 2), pad: (1, 1, 1, 1)), shape(1, 1, kernel: (1, 1), stride: (2, 2)),
  ]

  static func reference(_ kind: ck_pool_kind, _ s: ck_pool_shape, _ planes: Int, _ x: [Float]) -> [Double] {
    var result: [Double] = []
    for plane in 0..<planes {
      for row in 0..<s.out_h {
        for column in 0..<s.out_w {
          var values: [Double] = [], padded = 0
          for i in 0..<s.kernel_h {
            for j in 0..<s.kernel_w {
              let y = row * s.stride_h - s.pad_top + i * s.dilation_h, z = column * s.stride_w - s.pad_left + j * s.dilation_w
              if y < s.in_h + s.pad_bottom && z < s.in_w + s.pad_right { padded += 1 }
              if y >= 0 && y < s.in_h && z >= 0 && z < s.in_w { values.append(Double(x[(plane * s.in_h + y) * s.in_w + z])) }
            }
          }
          let sum = values.reduce(0, +)
          switch kind {
          case CK_POOL_MAX: result.append(values.contains { $0.isNaN } ? .nan : values.max() ?? -.infinity)
          case CK_POOL_AVERAGE: result.append(values.isEmpty ? 0 : sum / Double(values.count))
          default: result.append(padded == 0 ? 0 : sum / Double(padded))
          }
        }
      }
    }
    return result
  }

  @Test("agrees with the definition on plain and blocked tensors", arguments: Level.all)
  func definition(level: Level) {
    var numbers = Numbers(seed: 40)
    for (index, constant) in Self.shapes.enumerated() {
      var shape = constant
      let channels = level.lanes + 3, spatial = shape.in_h * shape.in_w, out = shape.out_h * shape.out_w
      for kind in [CK_POOL_MAX, CK_POOL_AVERAGE, CK_POOL_AVERAGE_WITH_PADDING] {
        var values = numbers.floats(channels * spatial)
        if kind == CK_POOL_MAX { for _ in 0..<4 { values[Int.random(in: 0..<values.count, using: &numbers)] = .nan } }
        let x = GuardedBuffer(values), wanted = Self.reference(kind, shape, channels, values)
        let y = GuardedBuffer(count: channels * out, repeating: Float(7), misaligned: index % 2)
        ck_f32_pool_plain(level.isa, kind, &shape, channels, x.base, y.base, 2)
        var difference = firstDifference(y.elements, wanted, relative: 1e-5, absolute: 1e-6)
        #expect(difference == nil && y.isIntact, "plain \(kind) \(shape): \(difference ?? "")")
        for c in Set([level.lanes, 2 * level.lanes, 4]) {
          let blocks = (channels + c - 1) / c
          let bx = GuardedBuffer(blocked(values, n: 1, channels: channels, spatial: spatial, c: c)),
            by = GuardedBuffer(count: blocks * out * c, repeating: Float(7))
          ck_f32_pool_blocked(level.isa, kind, &shape, blocks, c, bx.base, by.base, 2)
          difference = firstDifference(
            plain(by.elements, n: 1, channels: channels, spatial: out, c: c), wanted, relative: 1e-5, absolute: 1e-6)
          #expect(difference == nil && by.isIntact, "blocked \(c) \(kind) \(shape): \(difference ?? "")")
        }
      }
    }
  }
}
