import CKernels
import Testing

/// Three sums of up to forty products of numbers near 1, in another order than double precision's.
private let sumTolerance = 1e-4

@Suite struct BottleneckTests {
  /// The sizes of an inverted residual; 0 channels: the step is left out.
  struct Case: CustomTestStringConvertible, Sendable {
    var n = 1
    var input: Int
    var middle: Int
    var output: Int
    var height: Int
    var width: Int
    var kernel = 3
    var stride = 1
    var pad = 1
    var expands = true
    var projects = true
    var testDescription: String {
      "\(n)x\(input)>\(middle)>\(output) \(height)x\(width) kernel \(kernel) stride \(stride) pad \(pad)"
    }

    var out: (Int, Int) { ((height + 2 * pad - kernel) / stride + 1, (width + 2 * pad - kernel) / stride + 1) }
  }

  static let cases: [Case] = [
    Case(input: 5, middle: 37, output: 9, height: 11, width: 17),
    Case(n: 2, input: 16, middle: 48, output: 24, height: 14, width: 14, kernel: 5, stride: 2, pad: 2),
    Case(input: 24, middle: 33, output: 16, height: 7, width: 3),
    Case(input: 3, middle: 8, output: 40, height: 9, width: 29, stride: 2, pad: 0),
    Case(n: 2, input: 32, middle: 32, output: 17, height: 13, width: 15, expands: false),
    Case(input: 20, middle: 70, output: 70, height: 12, width: 16, projects: false),
    Case(input: 1, middle: 1, output: 1, height: 1, width: 1),
    // More than one strip: the intermediate rows do not fit the second cache at once.
    Case(input: 4, middle: 40, output: 8, height: 160, width: 150),
    Case(input: 2, middle: 34, output: 3, height: 161, width: 131, stride: 2),
  ]

  static let clamp = ck_activation(kind: CK_FUNCTION_CLIP, p0: 0, p1: 1.5)

  /// Plain NCHW results in double precision: the projection with its residual, and the means.
  static func reference(
    _ test: Case, x: [Float], expand: [Float], weights: [Float], project: [Float], biases: [[Float]], residual: [Float]
  ) -> (y: [Double], means: [Double]) {
    func pointwise(_ x: [Double], n: Int, area: Int, from: Int, to: Int, _ w: [Float], _ bias: [Float]) -> [Double] {
      var y: [Double] = []
      for image in 0..<n {
        for channel in 0..<to {
          for p in 0..<area {
            y.append(
              (0..<from).reduce(Double(bias[channel])) { $0 + Double(w[channel * from + $1]) * x[(image * from + $1) * area + p] }
            )
          }
        }
      }
      return y
    }
    func clamped(_ x: [Double]) -> [Double] { x.map { min(max($0, 0), 1.5) } }
    var values = x.map(Double.init)
    let area = test.height * test.width, outArea = test.out.0 * test.out.1
    if test.expands {
      values = clamped(pointwise(values, n: test.n, area: area, from: test.input, to: test.middle, expand, biases[0]))
    }
    let shape = DepthwiseTests.Shape(
      n: test.n, channels: test.middle, height: test.height, width: test.width, kernel: (test.kernel, test.kernel),
      stride: (test.stride, test.stride), pad: (test.pad, test.pad))
    values = clamped(shape.reference(values.map(Float.init), weights, biases[1]))
    let means = (0..<test.n * test.middle).map { plane in
      values[plane * outArea..<(plane + 1) * outArea].reduce(0, +) / Double(outArea)
    }
    if test.projects {
      values = pointwise(values, n: test.n, area: outArea, from: test.middle, to: test.output, project, biases[2])
      values = zip(values, residual).map { $0 + Double($1) }
    }
    return (values, means)
  }

  @Test("computes what its three steps compute, with the same bits for any number of threads", arguments: GemmKernel.all)
  func agrees(kernel: GemmKernel) {
    var numbers = Numbers(seed: 61)
    let c = kernel.c, config = kernel.config
    func padded(_ channels: Int) -> Int { (channels + c - 1) / c * c }
    func packed(_ k: Int, _ n: Int, _ weights: [Float]) -> GuardedBuffer<Float> {
      let buffer = alignedBuffer(bytes: ck_f32_gemm_packed_bytes(config, k, n))
      ck_f32_gemm_pack(config, k, n, weights, 1, k, buffer.base, 1)
      return buffer
    }
    func channels(_ values: [Float]) -> GuardedBuffer<Float> {
      let buffer = GuardedBuffer(count: padded(values.count), repeating: Float.nan)
      ck_f32_channels_pack(values.count, c, values, buffer.base)
      return buffer
    }
    for test in Self.cases {
      let area = test.height * test.width, outArea = test.out.0 * test.out.1
      let x = numbers.floats(test.n * test.input * area, in: -1...1)
      let expand = numbers.floats(test.input * test.middle, in: -0.5...0.5)
      let weights = numbers.floats(test.middle * test.kernel * test.kernel, in: -0.5...0.5)
      let project = numbers.floats(test.middle * test.output, in: -0.5...0.5)
      let biases = [test.middle, test.middle, test.output].map { numbers.floats($0, in: -1...1) }
      let residual = numbers.floats(test.n * test.output * outArea)
      let wanted = Self.reference(
        test, x: x, expand: expand, weights: weights, project: project, biases: biases, residual: residual)

      let input = GuardedBuffer(blocked(x, n: test.n, channels: test.input, spatial: area, c: c))
      let added = GuardedBuffer(blocked(residual, n: test.n, channels: test.output, spatial: outArea, c: c))
      let (packedExpand, packedProject) = (packed(test.input, test.middle, expand), packed(test.middle, test.output, project))
      let packedWeights = GuardedBuffer(count: padded(test.middle) * test.kernel * test.kernel, repeating: Float.nan)
      ck_f32_depthwise_pack(test.middle, test.kernel * test.kernel, c, weights, packedWeights.base)
      let packedBiases = biases.map(channels)
      var args = ck_f32_bottleneck_args()
      args.input_channels = test.input
      args.output_channels = test.output
      args.depthwise = DepthwiseTests.Shape(
        n: test.n, channels: test.middle, height: test.height, width: test.width, kernel: (test.kernel, test.kernel),
        stride: (test.stride, test.stride), pad: (test.pad, test.pad)
      ).inC(c)
      args.input = UnsafePointer(input.base)
      if test.expands {
        (args.expand, args.expand_bias) = (UnsafePointer(packedExpand.base), UnsafePointer(packedBiases[0].base))
        args.expand_activation = Self.clamp
      }
      (args.weights, args.bias) = (UnsafePointer(packedWeights.base), UnsafePointer(packedBiases[1].base))
      args.activation = Self.clamp
      if test.projects {
        (args.project, args.project_bias) = (UnsafePointer(packedProject.base), UnsafePointer(packedBiases[2].base))
        args.residual = UnsafePointer(added.base)
      }
      var first: (y: [Float], means: [Float])?
      for threads in [1, 3] as [Int32] {
        let output = GuardedBuffer(count: test.n * padded(test.output) * outArea, repeating: Float.nan)
        let means = GuardedBuffer(count: test.n * padded(test.middle), repeating: Float.nan)
        args.output = output.base
        args.means = means.base
        let scratch = alignedBuffer(bytes: ck_f32_bottleneck_scratch_bytes(config, &args, threads))
        ck_f32_bottleneck(config, &args, scratch.base, threads)
        let y = plain(output.elements, n: test.n, channels: test.output, spatial: outArea, c: c)
        let m = plain(means.elements, n: test.n, channels: test.middle, spatial: 1, c: c)
        let difference =
          firstDifference(y, wanted.y, relative: sumTolerance, absolute: sumTolerance)
          ?? firstDifference(m, wanted.means, relative: sumTolerance, absolute: sumTolerance)
        #expect(difference == nil, "\(test.testDescription), \(threads) threads: \(difference ?? "")")
        #expect(output.isIntact && means.isIntact && scratch.isIntact)
        if let first { #expect(first.y == y && first.means == m) }
        first = (y, m)
      }
    }
  }
}
