import CKernels
import Foundation
import Testing

@Suite struct DepthwiseTests {
  struct Shape: CustomTestStringConvertible, Sendable {
    var n = 1
    var channels: Int
    var height: Int
    var width: Int
    var kernel: (Int, Int)
    var stride = (1, 1)
    var dilation = (1, 1)
    var pad: (Int, Int)
    var extra = (0, 0)
    var out: (Int, Int) {
      (
        (height + 2 * pad.0 + extra.0 - (kernel.0 - 1) * dilation.0 - 1) / stride.0 + 1,
        (width + 2 * pad.1 + extra.1 - (kernel.1 - 1) * dilation.1 - 1) / stride.1 + 1
      )
    }
    var testDescription: String {
      "\(n)x\(channels)x\(height)x\(width) kernel \(kernel) stride \(stride) dilation \(dilation) pad \(pad)"
    }

    func inC(_ c: Int) -> ck_depthwise_shape {
      ck_depthwise_shape(
        n: n, channels: channels, c: c, in_h: height, in_w: width, out_h: out.0, out_w: out.1, kernel_h: kernel.0,
        kernel_w: kernel.1,
        stride_h: stride.0, stride_w: stride.1, dilation_h: dilation.0, dilation_w: dilation.1, pad_top: pad.0, pad_left: pad.1)
    }

    func reference(_ x: [Float], _ weights: [Float], _ bias: [Float]?) -> [Double] {
      var result: [Double] = []
      for plane in 0..<n * channels {
        let channel = plane % channels
        for row in 0..<out.0 {
          for column in 0..<out.1 {
            var sum = Double(bias?[channel] ?? 0)
            for i in 0..<kernel.0 {
              let y = row * stride.0 - pad.0 + i * dilation.0
              guard y >= 0, y < height else { continue }
              for j in 0..<kernel.1 {
                let z = column * stride.1 - pad.1 + j * dilation.1
                guard z >= 0, z < width else { continue }
                sum += Double(x[(plane * height + y) * width + z]) * Double(weights[(channel * kernel.0 + i) * kernel.1 + j])
              }
            }
            result.append(sum)
          }
        }
      }
      return result
    }
  }

  static let shapes: [Shape] = {
    var shapes: [Shape] = []
    for k in [3, 5, 7] {
      for s in [1, 2] {
        for (height, width) in [(7, 7), (14, 13), (1, 1), (2, 30), (9, 16), (k - 1, k + 6)] {
          shapes.append(Shape(channels: 19, height: height, width: width, kernel: (k, k), stride: (s, s), pad: (k / 2, k / 2)))
        }
        shapes.append(Shape(channels: 5, height: 15, width: 23, kernel: (k, k), stride: (s, s), pad: (0, 0)))
        shapes.append(Shape(channels: 5, height: 8, width: 8, kernel: (k, k), stride: (s, s), pad: (0, 0), extra: (k - 1, k - 1)))
      }
    }
    return shapes + [
      Shape(n: 2, channels: 33, height: 6, width: 5, kernel: (3, 3), pad: (1, 1)),
      Shape(channels: 3, height: 17, width: 19, kernel: (3, 3), dilation: (2, 2), pad: (2, 2)),
      Shape(channels: 3, height: 9, width: 9, kernel: (3, 3), dilation: (6, 6), pad: (6, 6)),
      Shape(n: 2, channels: 33, height: 17, width: 17, kernel: (5, 5), dilation: (2, 2), pad: (4, 4)),
      Shape(channels: 3, height: 25, width: 31, kernel: (3, 3), dilation: (3, 3), pad: (1, 2)),
      Shape(channels: 3, height: 16, width: 20, kernel: (7, 7), dilation: (2, 2), pad: (0, 5)),
      Shape(channels: 7, height: 9, width: 40, kernel: (1, 31), pad: (0, 15)),
      Shape(channels: 7, height: 20, width: 3, kernel: (9, 1), pad: (4, 0)),
      Shape(channels: 4, height: 12, width: 12, kernel: (2, 2), stride: (2, 2), pad: (0, 0)),
      Shape(channels: 4, height: 12, width: 14, kernel: (4, 3), stride: (3, 2), pad: (1, 2)),
      Shape(channels: 1, height: 3, width: 3, kernel: (3, 3), stride: (3, 3), pad: (2, 2)),
    ]
  }()

  static let activations: [(ck_activation, @Sendable (Double) -> Double)] = [
    (ck_activation(kind: CK_FUNCTION_IDENTITY, p0: 0, p1: 0), { $0 }),
    (ck_activation(kind: CK_FUNCTION_RELU, p0: 0, p1: 0), { Swift.max($0, 0) }),
    (ck_activation(kind: CK_FUNCTION_CLIP, p0: -0.5, p1: 1), { Swift.min(Swift.max($0, -0.5), 1) }),
    (ck_activation(kind: CK_FUNCTION_HARD_SWISH, p0: 0, p1: 0), { $0 * Swift.min(Swift.max($0 / 6 + 0.5, 0), 1) }),
  ]

  @Test("agrees with the definition, whatever kernel, stride, dilation and padding", arguments: Level.all)
  func definition(level: Level) {
    var numbers = Numbers(seed: 30)
    for (index, shape) in Self.shapes.enumerated() {
      let x = numbers.floats(shape.n * shape.channels * shape.height * shape.width)
      let weights = numbers.floats(shape.channels * shape.kernel.0 * shape.kernel.1), bias = numbers.floats(shape.channels)
      let wanted = shape.reference(x, weights, index % 3 == 0 ? nil : bias)
      for c in Set([level.lanes, 2 * level.lanes, index % 4 == 0 ? 4 : level.lanes]) {
        let blocks = (shape.channels + c - 1) / c, area = shape.kernel.0 * shape.kernel.1, spatial = shape.out.0 * shape.out.1
        let bx = GuardedBuffer(
          blocked(x, n: shape.n, channels: shape.channels, spatial: shape.height * shape.width, c: c), misaligned: index % 2)
        let packed = GuardedBuffer(count: blocks * area * c, repeating: Float.nan),
          packedBias = GuardedBuffer(count: blocks * c, repeating: Float.nan)
        ck_f32_depthwise_pack(shape.channels, area, c, weights, packed.base)
        ck_f32_channels_pack(shape.channels, c, index % 3 == 0 ? nil : bias, packedBias.base)
        #expect(packed.isIntact && packedBias.isIntact && packed.elements.allSatisfy { !$0.isNaN })
        let y = GuardedBuffer(count: shape.n * blocks * spatial * c, repeating: Float.nan),
          z = GuardedBuffer(count: y.count, repeating: Float.nan)
        var description = shape.inC(c)
        let (activation, meaning) = Self.activations[index % 4]
        ck_f32_depthwise(
          level.isa, &description, bx.base, packed.base, index % 3 == 0 ? nil : packedBias.base, y.base, activation, 1)
        ck_f32_depthwise(
          level.isa, &description, bx.base, packed.base, index % 3 == 0 ? nil : packedBias.base, z.base, activation, 3)
        let found = plain(y.elements, n: shape.n, channels: shape.channels, spatial: spatial, c: c)
        let difference = firstDifference(found, wanted.map(meaning), relative: 1e-5, absolute: 1e-5)
        #expect(difference == nil && y.isIntact, "\(shape.testDescription) c \(c): \(difference ?? "")")
        #expect(plain(z.elements, n: shape.n, channels: shape.channels, spatial: spatial, c: c) == found)
      }
    }
  }

  @Test("divides large planes among threads and gives the same bits", arguments: Level.all)
  func threads(level: Level) {
    let shape = Shape(channels: level.lanes, height: 120, width: 100, kernel: (5, 5), pad: (2, 2)), c = level.lanes
    var numbers = Numbers(seed: 31), description = shape.inC(c)
    let x = numbers.floats(c * 12_000), weights = numbers.floats(c * 25)
    var one = [Float](repeating: 0, count: c * 12_000), many = one
    for kind in [CK_FUNCTION_RELU, CK_FUNCTION_SILU] {
      let activation = ck_activation(kind: kind, p0: 0, p1: 0)
      ck_f32_depthwise(level.isa, &description, x, weights, nil, &one, activation, 1)
      ck_f32_depthwise(level.isa, &description, x, weights, nil, &many, activation, 3)
      #expect(one == many)
      many = one.map { _ in 0 }
      let half = 60 * 100 * c
      ck_f32_depthwise_rows(level.isa, &description, 0, 60, x, weights, nil, &many, activation)
      many.withUnsafeMutableBufferPointer {
        ck_f32_depthwise_rows(level.isa, &description, 60, 120, x, weights, nil, $0.baseAddress! + half, activation)
      }
      #expect(one == many)
    }
  }
}
