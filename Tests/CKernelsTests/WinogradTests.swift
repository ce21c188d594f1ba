import CKernels
import Testing

@Suite struct WinogradTests {
  static func shape(_ ic: Int, _ size: Int, _ oc: Int, filter: Int = 3, stride: Int = 1, groups: Int = 1) -> ck_conv2d_shape {
    let out = (size + 2 * (filter / 2) - filter) / stride + 1
    return ck_conv2d_shape(
      batch: 1, ic: ic, h: size, w: size, oc: oc, oh: out, ow: out, kh: filter, kw: filter, stride_h: stride, stride_w: stride,
      dilation_h: 1, dilation_w: 1, pad_top: filter / 2, pad_left: filter / 2, groups: groups)
  }

  /// Results of one algorithm on whole blocks of channels.
  static func convolve(
    _ kernel: GemmKernel, _ shape: ck_conv2d_shape, _ algorithm: ck_conv2d_algorithm, _ x: [Float], _ weights: [Float]
  ) -> [Float] {
    var s = shape
    let packed = alignedBuffer(bytes: ck_f32_conv2d_packed_bytes(kernel.config, &s, algorithm))
    ck_f32_conv2d_pack(kernel.config, &s, algorithm, weights, packed.base, 1)
    let input = GuardedBuffer(blocked(x, n: 1, channels: s.ic, spatial: s.h * s.w, c: kernel.c))
    let out = GuardedBuffer(count: (s.oc + kernel.c - 1) / kernel.c * kernel.c * s.oh * s.ow, repeating: Float.nan)
    var arguments = ck_f32_conv2d_args()
    (arguments.shape, arguments.algorithm) = (s, algorithm)
    (arguments.input, arguments.weights, arguments.output) = (UnsafePointer(input.base), UnsafePointer(packed.base), out.base)
    let scratch = alignedBuffer(bytes: ck_f32_conv2d_scratch_bytes(kernel.config, &arguments, 1))
    ck_f32_conv2d(kernel.config, &arguments, scratch.base, 1)
    return plain(out.elements, n: 1, channels: s.oc, spatial: s.oh * s.ow, c: kernel.c)
  }

  @Test("errs by a bounded share of the largest result", arguments: GemmKernel.all)
  func accuracy(kernel: GemmKernel) {
    var numbers = Numbers(seed: 51)
    let shape = Self.shape(256, 10, 24)
    let x = numbers.floats(256 * 100), weights = numbers.floats(24 * 256 * 9)
    let wanted = Conv2DTests.reference(shape, x, weights)
    let largest = wanted.map(Swift.abs).max() ?? 0
    for (algorithm, bound) in [(CK_CONV2D_WINOGRAD_2, 2e-6), (CK_CONV2D_WINOGRAD_4, 2e-5)] {
      let found = Self.convolve(kernel, shape, algorithm, x, weights)
      let worst = zip(found, wanted).map { Swift.abs(Double($0) - $1) }.max() ?? 0
      #expect(worst <= bound * largest, "algorithm \(algorithm.rawValue): \(worst / largest)")
    }
  }

  @Test("is chosen where it saves time, by the shape alone", arguments: GemmKernel.all)
  func choice(kernel: GemmKernel) {
    func chosen(_ shape: ck_conv2d_shape) -> ck_conv2d_choice {
      var shape = shape
      return ck_f32_conv2d_choose(kernel.config, &shape)
    }
    #expect(chosen(Self.shape(64, 56, 64)).algorithm == CK_CONV2D_WINOGRAD_4)
    #expect(chosen(Self.shape(64, 56, 64, stride: 2)).algorithm == CK_CONV2D_BLOCKED)
    #expect(chosen(Self.shape(64, 56, 64, filter: 1)).algorithm == CK_CONV2D_BLOCKED)
    #expect(chosen(Self.shape(64, 56, 64, filter: 5)).algorithm == CK_CONV2D_BLOCKED)
    #expect(chosen(Self.shape(64, 1, 64)).algorithm == CK_CONV2D_BLOCKED)
    #expect(chosen(Self.shape(64, 8, 64, groups: 2)).algorithm == CK_CONV2D_BLOCKED)
    #expect(chosen(Self.shape(3 * 37, 8, 37, groups: 37)).algorithm == CK_CONV2D_GROUPED)
    let small = chosen(Self.shape(64, 28, 64)), large = chosen(Self.shape(64, 56, 64))
    #expect(small.cycles > 0 && small.cycles < large.cycles)
  }
}
