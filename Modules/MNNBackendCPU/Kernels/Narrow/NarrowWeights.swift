import CKernels
import MNNGraph
import MNNKernels
import MNNRuntime

/// The weights of a product in few bits, or as bfloat16, packed for the kernels of CKernels/narrow.
struct NarrowWeights: Sendable {
  let config: UncheckedBox<UnsafePointer<ck_narrow_config>>
  let shape: UncheckedBox<ck_narrow_shape>
  let storage: PackedStorage
  /// For people: `bytes by 4 bits, blocks of 32`.
  let description: String

  /// Where the elements of a factor `[taps][K, N]` lie.
  struct Strides: Hashable {
    var tap: Int
    var k: Int
    var n: Int
  }

  /// The longest sum of bytes whose parts are exact in float32.
  static let longestBlock = 1 << 16
  /// Shorter blocks are not worth a scale each.
  static let shortestBlock = 16

  /// Why a kernel cannot take quantized weights; nil if it can.
  static func refusal(_ scales: ColumnScales?, taps: Int) -> String? {
    guard let scales else { return "scales that are not per channel, nor in blocks of input channels" }
    if scales.blockCount > 1, scales.block < shortestBlock { return "blocks of fewer than \(shortestBlock)" }
    return scales.block.multipliedReportingOverflow(by: taps).partialValue > longestBlock ? "sums of bytes too long" : nil
  }

  /// Weights in few bits.
  ///
  /// - Parameter operands: codes, scale, zero point and offset.
  init(
    codes: Tensor, parameters: [Tensor?], scales: ColumnScales, taps: Int, k: Int, n: Int, strides: Strides, isa: UInt32
  ) throws(RunError) {
    let form = ck_narrow_form(bits: codes.dtype.bitCount)
    guard let config = ck_narrow_select(form, isa), let scaleTensor = parameters[0] else {
      throw RunError(.unsupported, "no kernel for weights in few bits")
    }
    let places = scales.indices(columns: n)
    func values(_ index: Int) throws(RunError) -> [Double]? {
      guard let tensor = parameters[index] else { return nil }
      let all = try asRunError { () throws(GraphError) in try tensor.scalars(as: Double.self) }
      guard all.count == 1 || places.allSatisfy(all.indices.contains) else {
        throw RunError(.unsupported, "scales and zero points of other numbers", found: "\(all.count)")
      }
      return all.count == 1 ? [Double](repeating: all[0], count: places.count) : places.map { all[$0] }
    }
    guard let factors = try values(0) else { throw RunError(.unsupported, "weights without scales") }
    let (zeros, offsets) = (try values(1), try values(2))
    // Codes become signed: what that takes off goes to the zero points.
    let moved = codes.dtype.isSignedInteger ? 0 : 1 << (codes.dtype.bitCount - 1)
    let shifts = factors.indices.map { i in
      Float((offsets?[i] ?? 0) + (Double(moved) - (zeros?[i] ?? 0)) * factors[i])
    }
    let isShifted = form != CK_NARROW_8 || shifts.contains { $0 != 0 }
    var shape = ck_narrow_shape(
      taps: taps, k: k, n: n, block: scales.blockCount > 1 ? scales.block : k, shifted: isShifted ? 1 : 0)
    var values8: [Int8] = []
    func unpack() throws(GraphError) {
      if codes.dtype.isSignedInteger {
        values8 = try codes.scalars(as: Int8.self)
      } else {
        values8 = try codes.scalars(as: UInt8.self).map { Int8(truncatingIfNeeded: Int($0) - moved) }
      }
    }
    var failure: GraphError?
    storage = try PackedStorage.packing(
      codes, with: [scaleTensor] + parameters.dropFirst(), as: "narrow \(String(cString: config.pointee.name))",
      [taps, k, n, scales.block, scales.blockCount, strides.tap, strides.k, strides.n],
      byteCount: ck_narrow_packed_bytes(config, &shape)
    ) { packed in
      do throws(GraphError) { try unpack() } catch {
        failure = error
        return
      }
      ck_narrow_pack(
        config, &shape, values8, strides.tap, strides.k, strides.n, factors.map { Float($0) }, isShifted ? shifts : nil, packed)
    }
    if let failure { throw RunError(failure) }
    self.config = UncheckedBox(config)
    self.shape = UncheckedBox(shape)
    description =
      "bytes by \(codes.dtype.bitCount) bits, " + (scales.blockCount > 1 ? "blocks of \(scales.block)" : "per channel")
  }

  /// Weights as bfloat16; nil if the processor does not multiply that.
  init?(floats weight: Tensor, taps: Int, k: Int, n: Int, strides: Strides, isa: UInt32) throws(RunError) {
    guard isa & UInt32(CK_ISA_AVX512BF16) != 0, let config = ck_narrow_select(CK_NARROW_BF16, isa) else { return nil }
    var shape = ck_narrow_shape(taps: taps, k: k, n: n, block: k, shifted: 0)
    storage = try PackedStorage.packing(
      weight, as: "narrow \(String(cString: config.pointee.name))", [taps, k, n, strides.tap, strides.k, strides.n],
      byteCount: ck_narrow_packed_bytes(config, &shape)
    ) { packed in
      weight.withFloats { ck_narrow_pack_floats(config, &shape, $0, strides.tap, strides.k, strides.n, packed) }
    }
    self.config = UncheckedBox(config)
    self.shape = UncheckedBox(shape)
    description = "bfloat16"
  }

  /// A launch of the product.
  ///
  /// - Parameters:
  ///   - draft: sizes, strides and epilogue, without pointers.
  ///   - finish: what the kernel's epilogue cannot do.
  func launch(
    _ draft: ck_narrow_args, bias: Bool, residual: Bool, operations: Int, settings: ExecutionSettings,
    finish: (@Sendable (LaunchArguments) throws(RunError) -> Void)? = nil
  ) -> any Launch {
    var draft = draft
    draft.shape = shape.value
    let arguments = UncheckedBox(draft)
    let (config, storage) = (config, storage)
    let scratch = ck_narrow_scratch_bytes(config.value, &draft, Int32(settings.threads))
    var result = CPULaunch(
      String(cString: config.value.pointee.name), scratch: scratch, inPlace: residual ? [3] : [], operations: operations
    ) { launch throws(RunError) in
      var call = arguments.value
      call.input = try launch.input(0)
      call.weights = UnsafeRawPointer(storage.bytes)
      call.out = try launch.result(0)
      call.epilogue.bias = bias ? launch.optionalInput(2) : nil
      call.epilogue.residual = residual ? launch.optionalInput(3) : nil
      ck_narrow_product(config.value, &call, launch.scratchAddress, launch.threadCount)
      try finish?(launch)
    }
    result.arithmetic = description
    return result
  }
}

extension ck_narrow_form {
  /// The form of integers of 2 to 8 bits: those without one of their own are kept in bytes.
  init(bits: Int) {
    switch bits {
    case 2: self = CK_NARROW_2
    case 3: self = CK_NARROW_3
    case 4: self = CK_NARROW_4
    default: self = CK_NARROW_8
    }
  }
}

extension ck_narrow_args {
  /// A convolution of images, or a product of `m` rows.
  init(_ shape: ck_conv2d_shape) {
    self.init()
    (batch, h, w, oh, ow, kh, kw) = (shape.batch, shape.h, shape.w, shape.oh, shape.ow, shape.kh, shape.kw)
    (stride_h, stride_w, dilation_h, dilation_w) = (shape.stride_h, shape.stride_w, shape.dilation_h, shape.dilation_w)
    (pad_top, pad_left) = (shape.pad_top, shape.pad_left)
  }

  init(rows: Int, batch: Int) {
    self.init()
    (self.batch, h, w, oh, ow, kh, kw) = (batch, 1, rows, 1, rows, 1, 1)
    (stride_h, stride_w, dilation_h, dilation_w) = (1, 1, 1, 1)
  }
}
