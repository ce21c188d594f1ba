import CKernels
import Testing

/// Of the largest sum: Winograd's transforms add terms that cancel.
private let winogradTolerance = 2e-5

@Suite struct Conv2DTests {
  struct Case: CustomTestStringConvertible, Sendable {
    let kernel: GemmKernel
    let algorithm: ck_conv2d_algorithm
    var testDescription: String { "\(kernel.testDescription), algorithm \(algorithm.rawValue)" }

    static let all = GemmKernel.all.flatMap { kernel in
      [
        CK_CONV2D_BLOCKED, CK_CONV2D_PLANAR, CK_CONV2D_GENERAL, CK_CONV2D_TRANSPOSED, CK_CONV2D_GENERAL_TRANSPOSED,
        CK_CONV2D_WINOGRAD_2, CK_CONV2D_WINOGRAD_4, CK_CONV2D_GROUPED,
      ]
      .map { Case(kernel: kernel, algorithm: $0) }
    }
    var isWinograd: Bool { algorithm == CK_CONV2D_WINOGRAD_2 || algorithm == CK_CONV2D_WINOGRAD_4 }
    var isGeneral: Bool { algorithm == CK_CONV2D_GENERAL || algorithm == CK_CONV2D_GENERAL_TRANSPOSED }
    var isTransposed: Bool { algorithm == CK_CONV2D_TRANSPOSED || algorithm == CK_CONV2D_GENERAL_TRANSPOSED }
    var blocksInput: Bool { !isGeneral && algorithm != CK_CONV2D_PLANAR }
    var blocksOutput: Bool { !isGeneral }
  }

  /// A shape that `test` supports, or nil when the drawn filter does not fit the drawn image.
  static func randomShape(_ test: Case, _ numbers: inout Numbers) -> ck_conv2d_shape? {
    func pick(_ range: ClosedRange<Int>) -> Int { .random(in: range, using: &numbers) }
    let c = test.kernel.c
    var s = ck_conv2d_shape()
    s.batch = pick(1...2)
    s.groups = test.algorithm == CK_CONV2D_PLANAR || test.isWinograd || pick(0...1) == 0 ? 1 : pick(2...3)
    let unit = s.groups == 1 ? 1 : test.isGeneral ? 2 : c
    s.ic = s.groups * unit * (unit == 1 ? pick(1...(test.blocksInput ? 2 * c + 3 : 4)) : pick(1...2))
    s.oc = s.groups * unit * (unit == 1 ? pick(1...(test.kernel.nr + 3)) : pick(1...2))
    if test.algorithm == CK_CONV2D_GROUPED {
      s.groups = pick(2...9)
      s.ic = s.groups * [1, 2, 4, c / 2, c, pick(1...(c + 5))][pick(0...5)]
      s.oc = pick(0...1) == 0 ? s.ic : s.groups * pick(1...(c + 5))
    }
    (s.h, s.w) = (pick(1...9), pick(1...31))
    let filter = pick(0...3)
    (s.kh, s.kw) = filter == 0 ? (1, 1) : filter == 1 ? (3, 3) : (pick(1...4), pick(1...4))
    (s.stride_h, s.stride_w) = pick(0...1) == 0 ? (1, 1) : (pick(1...3), pick(1...3))
    (s.dilation_h, s.dilation_w) = pick(0...1) == 0 ? (1, 1) : (pick(1...2), pick(1...2))
    if test.isWinograd {
      (s.kh, s.kw, s.stride_h, s.stride_w, s.dilation_h, s.dilation_w) = (3, 3, 1, 1, 1, 1)
    }
    (s.pad_top, s.pad_left) = pick(0...2) == 0 ? (0, 0) : (pick(0...3), pick(0...3))
    let (bottom, right) = pick(0...1) == 0 ? (s.pad_top, s.pad_left) : (pick(0...3), pick(0...3))
    let (spanH, spanW) = ((s.kh - 1) * s.dilation_h + 1, (s.kw - 1) * s.dilation_w + 1)
    if test.isTransposed {
      s.oh = (s.h - 1) * s.stride_h + spanH - s.pad_top - bottom + pick(0...(s.stride_h - 1))
      s.ow = (s.w - 1) * s.stride_w + spanW - s.pad_left - right + pick(0...(s.stride_w - 1))
      guard s.oh > 0, s.ow > 0 else { return nil }
      return ck_f32_conv2d_supports(test.kernel.config, &s, test.algorithm) != 0 ? s : nil
    }
    guard s.h + s.pad_top + bottom >= spanH, s.w + s.pad_left + right >= spanW else { return nil }
    s.oh = (s.h + s.pad_top + bottom - spanH) / s.stride_h + 1
    s.ow = (s.w + s.pad_left + right - spanW) / s.stride_w + 1
    return ck_f32_conv2d_supports(test.kernel.config, &s, test.algorithm) != 0 ? s : nil
  }

  /// Plain NCHW convolution in double precision.
  static func reference(_ s: ck_conv2d_shape, _ x: [Float], _ weights: [Float]) -> [Double] {
    let ic = s.ic / s.groups, oc = s.oc / s.groups
    var result = [Double](repeating: 0, count: s.batch * s.oc * s.oh * s.ow)
    for image in 0..<s.batch {
      for channel in 0..<s.oc {
        for y in 0..<s.oh {
          for ky in 0..<s.kh {
            let iy = y * s.stride_h + ky * s.dilation_h - s.pad_top
            guard iy >= 0 && iy < s.h else { continue }
            for kx in 0..<s.kw {
              for i in 0..<ic {
                let weight = Double(weights[((channel * ic + i) * s.kh + ky) * s.kw + kx])
                let row = ((image * s.ic + channel / oc * ic + i) * s.h + iy) * s.w
                for column in 0..<s.ow {
                  let ix = column * s.stride_w + kx * s.dilation_w - s.pad_left
                  if ix >= 0 && ix < s.w {
                    result[((image * s.oc + channel) * s.oh + y) * s.ow + column] += weight * Double(x[row + ix])
                  }
                }
              }
            }
          }
        }
      }
    }
    return result
  }

  /// Plain NCHW transposed convolution in double precision.
  static func transposedReference(_ s: ck_conv2d_shape, _ x: [Float], _ weights: [Float]) -> [Double] {
    let ic = s.ic / s.groups, oc = s.oc / s.groups
    var result = [Double](repeating: 0, count: s.batch * s.oc * s.oh * s.ow)
    for index in x.indices {
      let column = index % s.w, row = index / s.w % s.h, channel = index / (s.w * s.h) % s.ic
      let image = index / (s.w * s.h * s.ic), value = Double(x[index])
      for ky in 0..<s.kh {
        let y = row * s.stride_h + ky * s.dilation_h - s.pad_top
        guard y >= 0 && y < s.oh else { continue }
        for kx in 0..<s.kw {
          let at = column * s.stride_w + kx * s.dilation_w - s.pad_left
          guard at >= 0 && at < s.ow else { continue }
          for o in 0..<oc {
            let target = image * s.oc + channel / ic * oc + o
            result[(target * s.oh + y) * s.ow + at] += value * Double(weights[((channel * oc + o) * s.kh + ky) * s.kw + kx])
          }
        }
      }
    }
    return result
  }

  @Test("convolves any filter, stride, dilation, padding and group", arguments: Case.all)
  func shapes(test: Case) {
    var numbers = Numbers(seed: 41), done = 0
    while done < 50 {
      guard let shape = Self.randomShape(test, &numbers) else { continue }
      done += 1
      check(test, shape, &numbers)
    }
  }

  @Test("convolves filters that are wide for the image, with short and with long sums", arguments: GemmKernel.all)
  func wideFilters(kernel: GemmKernel) {
    var numbers = Numbers(seed: 44)
    let c = kernel.c
    for (size, rate, stride) in [(17, 12, 1), (9, 6, 1), (7, 7, 1), (13, 6, 2), (9, 12, 1)] {
      // One input block, and sums that are cut into runs.
      for ic in [c, 2 * c + 3, 300] {
        let reach = 2 * rate, result = (size + 2 * rate - reach - 1) / stride + 1
        let shape = ck_conv2d_shape(
          batch: 2, ic: ic, h: size, w: size, oc: kernel.nr + 3, oh: result, ow: result, kh: 3, kw: 3, stride_h: stride,
          stride_w: stride, dilation_h: rate, dilation_w: rate, pad_top: rate, pad_left: rate, groups: 1)
        check(Case(kernel: kernel, algorithm: CK_CONV2D_BLOCKED), shape, &numbers)
      }
    }
  }

  private func check(_ test: Case, _ shape: ck_conv2d_shape, _ numbers: inout Numbers) {
    let kernel = test.kernel, c = kernel.c, batch = shape.batch
    let x = numbers.floats(batch * shape.ic * shape.h * shape.w)
    let weights = numbers.floats(shape.oc * shape.ic / shape.groups * shape.kh * shape.kw)
    let bias = GuardedBuffer(numbers.floats(shape.oc)), residual = numbers.floats(batch * shape.oc * shape.oh * shape.ow)
    func place(_ plain: [Float], channels: Int, spatial: Int, blocks: Bool) -> GuardedBuffer<Float> {
      GuardedBuffer(blocks ? blocked(plain, n: batch, channels: channels, spatial: spatial, c: c) : plain)
    }
    let input = place(x, channels: shape.ic, spatial: shape.h * shape.w, blocks: test.blocksInput)
    let added = place(residual, channels: shape.oc, spatial: shape.oh * shape.ow, blocks: test.blocksOutput)
    let inPlace = Bool.random(using: &numbers), threads = Int32.random(in: 1...3, using: &numbers)
    let out = inPlace ? GuardedBuffer(added.elements) : GuardedBuffer(count: added.count, repeating: Float.nan)

    var s = shape
    let packed = alignedBuffer(bytes: ck_f32_conv2d_packed_bytes(kernel.config, &s, test.algorithm))
    ck_f32_conv2d_pack(kernel.config, &s, test.algorithm, weights, packed.base, threads)
    var arguments = ck_f32_conv2d_args()
    (arguments.shape, arguments.algorithm) = (shape, test.algorithm)
    (arguments.input, arguments.weights, arguments.output) = (UnsafePointer(input.base), UnsafePointer(packed.base), out.base)
    let hasBias = Bool.random(using: &numbers), hasResidual = inPlace || Bool.random(using: &numbers)
    if hasBias { arguments.epilogue.bias = UnsafePointer(bias.base) }
    if hasResidual { arguments.epilogue.residual = UnsafePointer(inPlace ? out.base : added.base) }
    arguments.epilogue.activation = Activations.random(using: &numbers)
    let scratch = alignedBuffer(bytes: ck_f32_conv2d_scratch_bytes(kernel.config, &arguments, threads))
    ck_f32_conv2d(kernel.config, &arguments, scratch.base, threads)

    var wanted = test.isTransposed ? Self.transposedReference(shape, x, weights) : Self.reference(shape, x, weights)
    let largest = wanted.map(Swift.abs).max() ?? 0
    for index in wanted.indices {
      if hasBias { wanted[index] += Double(bias.base[index / (shape.oh * shape.ow) % shape.oc]) }
      if hasResidual { wanted[index] += Double(residual[index]) }
      wanted[index] = Activations.apply(arguments.epilogue.activation, wanted[index])
    }
    let found =
      test.blocksOutput ? plain(out.elements, n: batch, channels: shape.oc, spatial: shape.oh * shape.ow, c: c) : out.elements
    let absolute = test.isWinograd ? winogradTolerance * Swift.max(largest, 1) : 5e-4
    let difference = firstDifference(found, wanted, relative: 1e-5, absolute: absolute)
    #expect(difference == nil, "\(shape)")
    #expect(out.isIntact && packed.isIntact && scratch.isIntact)
  }

  @Test("multiplies channels by factors, as a product and as short sums", arguments: GemmKernel.all)
  func factors(kernel: GemmKernel) {
    var numbers = Numbers(seed: 45)
    let c = kernel.c, config = kernel.config
    for (ic, oc, height, width) in [(2 * c + 3, kernel.nr + 3, 6, 7), (c, 5, 1, 1), (1100, 2 * kernel.nr, 3, 5), (9, 70, 20, 13)]
    {
      let area = height * width
      var shape = ck_conv2d_shape(
        batch: 2, ic: ic, h: height, w: width, oc: oc, oh: height, ow: width, kh: 1, kw: 1, stride_h: 1, stride_w: 1,
        dilation_h: 1, dilation_w: 1, pad_top: 0, pad_left: 0, groups: 1)
      let x = numbers.floats(2 * ic * area), weights = numbers.floats(oc * ic), factors = numbers.floats(2 * ic)
      let wanted = Self.reference(shape, x.indices.map { x[$0] * factors[$0 / area] }, weights)
      let input = GuardedBuffer(blocked(x, n: 2, channels: ic, spatial: area, c: c))
      let scales = GuardedBuffer(blocked(factors, n: 2, channels: ic, spatial: 1, c: c))
      let packed = alignedBuffer(bytes: ck_f32_conv2d_packed_bytes(config, &shape, CK_CONV2D_BLOCKED))
      ck_f32_conv2d_pack(config, &shape, CK_CONV2D_BLOCKED, weights, packed.base, 1)
      var product = ck_f32_conv2d_args()
      (product.shape, product.algorithm) = (shape, CK_CONV2D_BLOCKED)
      (product.input, product.weights) = (UnsafePointer(input.base), UnsafePointer(packed.base))
      product.factors = UnsafePointer(scales.base)
      var short = ck_f32_pointwise_args()
      (short.n, short.pixels, short.input_channels, short.output_channels) = (2, area, ic, oc)
      (short.input, short.weights, short.factors) = (product.input, product.weights, product.factors)
      func check(_ scratchBytes: Int, _ run: (UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>) -> Void) -> [Float] {
        let out = GuardedBuffer(count: 2 * ((oc + c - 1) / c) * c * area, repeating: Float.nan)
        let scratch = alignedBuffer(bytes: scratchBytes)
        run(out.base, scratch.base)
        let found = plain(out.elements, n: 2, channels: oc, spatial: area, c: c)
        #expect(firstDifference(found, wanted, relative: 1e-5, absolute: 5e-4) == nil, "\(shape)")
        #expect(out.isIntact && scratch.isIntact)
        return found
      }
      let results = [1, 3].map { (threads: Int32) in
        [
          check(ck_f32_conv2d_scratch_bytes(config, &product, threads)) { out, scratch in
            product.output = out
            ck_f32_conv2d(config, &product, scratch, threads)
          },
          check(ck_f32_pointwise_scratch_bytes(config, &short, threads)) { out, scratch in
            short.output = out
            ck_f32_pointwise(config, &short, scratch, threads)
          },
        ]
      }
      #expect(results[0] == results[1])
    }
  }

  @Test("gives the same bits for every number of threads", arguments: Case.all)
  func threads(test: Case) {
    var numbers = Numbers(seed: 42)
    let rates = test.algorithm == CK_CONV2D_BLOCKED ? [1, 11] : [1]
    for rate in rates { checkThreads(test, rate: rate, &numbers) }
  }

  private func checkThreads(_ test: Case, rate: Int, _ numbers: inout Numbers) {
    var shape = ck_conv2d_shape(
      batch: 2, ic: 20, h: 13, w: 30, oc: 70, oh: 13, ow: 30, kh: 3, kw: 3, stride_h: 1, stride_w: 1, dilation_h: rate,
      dilation_w: rate, pad_top: rate, pad_left: rate, groups: test.algorithm == CK_CONV2D_GROUPED ? 10 : 1)
    let input = GuardedBuffer(numbers.floats(2 * 32 * 13 * 30)), weights = numbers.floats(70 * 20 / shape.groups * 9)
    let packed = alignedBuffer(bytes: ck_f32_conv2d_packed_bytes(test.kernel.config, &shape, test.algorithm))
    ck_f32_conv2d_pack(test.kernel.config, &shape, test.algorithm, weights, packed.base, 1)
    let results = [1, 2, 7].map { (threads: Int32) in
      let out = GuardedBuffer(count: 2 * 80 * 13 * 30, repeating: Float(0))
      var arguments = ck_f32_conv2d_args()
      (arguments.shape, arguments.algorithm) = (shape, test.algorithm)
      (arguments.input, arguments.weights, arguments.output) = (UnsafePointer(input.base), UnsafePointer(packed.base), out.base)
      let scratch = alignedBuffer(bytes: ck_f32_conv2d_scratch_bytes(test.kernel.config, &arguments, threads))
      ck_f32_conv2d(test.kernel.config, &arguments, scratch.base, threads)
      return out.elements
    }
    #expect(results.allSatisfy { $0 == results[0] })
  }

  @Test("reads and writes channel ranges of larger tensors", arguments: GemmKernel.all)
  func images(kernel: GemmKernel) {
    var numbers = Numbers(seed: 43)
    let c = kernel.c, test = Case(kernel: kernel, algorithm: CK_CONV2D_BLOCKED)
    for filter in [1, 3] {
      var shape = ck_conv2d_shape(
        batch: 2, ic: c, h: 5, w: 6, oc: c, oh: 5, ow: 6, kh: filter, kw: filter, stride_h: 1, stride_w: 1, dilation_h: 1,
        dilation_w: 1,
        pad_top: filter / 2, pad_left: filter / 2, groups: 1)
      let x = numbers.floats(2 * c * 30), weights = numbers.floats(c * c * filter * filter), image = 3 * c * 30
      let dense = blocked(x, n: 2, channels: c, spatial: 30, c: c)
      let input = GuardedBuffer(count: image + c * 30, repeating: Float.nan),
        out = GuardedBuffer(count: 2 * image, repeating: Float(-7))
      for n in 0..<2 { for i in 0..<c * 30 { input.base[n * image + i] = dense[n * c * 30 + i] } }
      let packed = alignedBuffer(bytes: ck_f32_conv2d_packed_bytes(kernel.config, &shape, test.algorithm))
      ck_f32_conv2d_pack(kernel.config, &shape, test.algorithm, weights, packed.base, 1)
      var arguments = ck_f32_conv2d_args()
      (arguments.shape, arguments.algorithm) = (shape, test.algorithm)
      (arguments.input, arguments.weights) = (UnsafePointer(input.base), UnsafePointer(packed.base))
      (arguments.output, arguments.input_image, arguments.output_image) = (out.base + c * 30, image, image)
      let scratch = alignedBuffer(bytes: ck_f32_conv2d_scratch_bytes(kernel.config, &arguments, 2))
      ck_f32_conv2d(kernel.config, &arguments, scratch.base, 2)
      let wanted = Self.reference(shape, x, weights)
      let all = out.elements, size = c * 30
      let written = Array(all[size..<2 * size]) + Array(all[image + size..<image + 2 * size])
      let difference = firstDifference(
        plain(written, n: 2, channels: c, spatial: 30, c: c), wanted, relative: 1e-5, absolute: 5e-4)
      #expect(difference == nil)
      let around = Array(all[..<size]) + Array(all[2 * size..<image + size]) + Array(all[(image + 2 * size)...])
      #expect(around.allSatisfy { $0 == -7 })
    }
  }
}
