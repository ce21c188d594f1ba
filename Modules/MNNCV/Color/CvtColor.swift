import CKernels
public import MNNExpr
import MNNGraph

extension cv {
  /// An image in other colors.
  ///
  /// - Parameters:
  ///   - src: `[height, width, channels]`, `uint8` or, but for packed and video formats, `float32`. Colors have 3 or 4
  ///     channels whatever the code says, as in OpenCV.
  ///   - code: for example ``COLOR_BGR2RGB``.
  ///   - dstCn: 3 or 4 channels where the result is red, green and blue; nil takes what the code says.
  /// - Returns: the same depth. Alpha that the source lacks is opaque.
  /// - Throws: ``ImageError/Code/argumentInvalid`` if source and code do not fit.
  public static func cvtColor(_ src: Variable, _ code: ColorConversion, dstCn: Int? = nil) throws(ImageError) -> Variable {
    try Image(src).converted(code, channels: dstCn).variable
  }

  /// A picture whose luma and whose chroma (two interleaved channels, half as wide and high) are two images.
  ///
  /// - Parameter code: ``COLOR_YUV2BGR_NV12`` or another from ``ColorSpace/nv12`` or ``ColorSpace/nv21``.
  public static func cvtColorTwoPlane(
    _ src1: Variable, _ src2: Variable, _ code: ColorConversion
  ) throws(ImageError) -> Variable {
    let luma = try Image(src1, "src1", depths: [.uint8], channels: 1...1)
    let chroma = try Image(src2, "src2", depths: [.uint8], channels: 2...2)
    guard code.source == .nv12 || code.source == .nv21, let (channels, blue) = code.target.arrangement,
      luma.width == 2 * chroma.width, luma.height == 2 * chroma.height
    else {
      throw ImageError(
        .argumentInvalid, "planes and code do not fit", expected: "NV12 or NV21, chroma half as wide and high",
        found: "\(code), \(luma.type) and \(chroma.type)")
    }
    let result = try luma.like(channels: channels)
    let swap = code.source == .nv21 ? 1 : 0
    luma.read(UInt8.self) { y in
      chroma.read(UInt8.self) { uv in
        ck_image_from_yuv420(
          y, uv + swap, uv + 1 - swap, 2, chroma.stride, result.write(UInt8.self), Int32(channels), blue, luma.width,
          luma.height)
      }
    }
    return result.variable
  }
}

extension Image {
  func converted(_ code: ColorConversion, channels: Int? = nil) throws(ImageError) -> Image {
    if let channels, channels != 3 && channels != 4 || code.target.arrangement == nil {
      throw ImageError(
        .argumentInvalid, "dstCn does not fit the code", expected: "3 or 4, where the result is red, green and blue",
        found: "\(channels) for \(code)")
    }
    if let (wanted, blue) = code.target.arrangement {
      return try toColors(code, channels: channels ?? wanted, blue: blue)
    }
    if let (_, blue) = code.source.arrangement { return try fromColors(code, blue: blue) }
    return try betweenOthers(code)
  }

  private func refusal(_ code: ColorConversion, _ expected: String) -> ImageError {
    ImageError(.argumentInvalid, "cannot convert \(code)", expected: expected, found: "\(tensor.type)")
  }

  private func require(_ channels: ClosedRange<Int>, _ depths: [DType], _ code: ColorConversion) throws(ImageError) {
    guard channels.contains(self.channels), depths.contains(depth) else {
      let count = channels.count == 1 ? "\(channels.lowerBound)" : "\(channels.lowerBound) or \(channels.upperBound)"
      throw refusal(code, "\(count) channels of \(depths.map(\.description).joined(separator: " or "))")
    }
  }

  /// Runs the version for the depth.
  private func run(
    into result: Image, _ bytes: (UnsafePointer<UInt8>, UnsafeMutablePointer<UInt8>, Int) -> Void,
    _ floats: (UnsafePointer<Float>, UnsafeMutablePointer<Float>, Int) -> Void
  ) -> Image {
    if depth == .uint8 {
      read(UInt8.self) { bytes($0, result.write(UInt8.self), pixelCount) }
    } else {
      read(Float.self) { floats($0, result.write(Float.self), pixelCount) }
    }
    return result
  }

  // MARK: to red, green and blue

  private func toColors(_ code: ColorConversion, channels dcn: Int, blue: Int32) throws(ImageError) -> Image {
    let n = Int32(dcn)
    switch code.source {
    case .bgr, .rgb, .bgra, .rgba:
      try require(3...4, [.uint8, .float32], code)
      let swaps: Int32 = code.source.arrangement?.blue == blue ? 0 : 1
      let scn = Int32(channels)
      if depth == .uint8, channels == 3, dcn == 3, swaps == 1 {
        let result = try like(channels: 3)
        read(UInt8.self) { kernels.exchange_u8($0, result.write(UInt8.self), pixelCount) }
        return result
      }
      return run(into: try like(channels: dcn), { kernels.reorder_u8($0, scn, $1, n, swaps, $2) }) {
        kernels.reorder_f32($0, scn, $1, n, swaps, $2)
      }
    case .gray:
      try require(1...1, [.uint8, .float32], code)
      return run(into: try like(channels: dcn), { ck_image_from_gray_u8($0, $1, n, $2) }) {
        ck_image_from_gray_f32($0, $1, n, $2)
      }
    case .bgr565, .bgr555:
      try require(2...2, [.uint8], code)
      let bits = code.source.greenBits ?? 6
      let result = try like(channels: dcn)
      read(UInt8.self) { ck_image_from_packed16($0, bits, result.write(UInt8.self), n, blue, pixelCount) }
      return result
    case .premultipliedRGBA:
      try require(4...4, [.uint8], code)
      guard code.target == .rgba else { throw refusal(code, "RGBA on the other side") }
      let result = try like(channels: 4)
      read(UInt8.self) { ck_image_unpremultiply($0, result.write(UInt8.self), pixelCount) }
      return result
    case .i420, .yv12, .nv12, .nv21: return try fromPlanes(code, dcn, blue)
    case .uyvy, .yuy2, .yvyu: return try fromPairs(code, dcn, blue)
    case .linearBGR, .linearRGB: throw refusal(code, "a space other than linear light")
    default:
      try require(3...3, [.uint8, .float32], code)
      return fromSpace(code, into: try like(channels: dcn), n, blue)
    }
  }

  private func fromSpace(_ code: ColorConversion, into result: Image, _ n: Int32, _ blue: Int32) -> Image {
    let isSRGB: Int32 = code.target.isLinear ? 0 : 1
    // Bytes of the full variants are read as if a turn were 255.
    let turn: Int32 = code.source == .hsvFull || code.source == .hlsFull ? 255 : 180
    switch code.source {
    case .xyz:
      return run(into: result, { ck_image_from_xyz_u8($0, $1, n, blue, $2) }) { ck_image_from_xyz_f32($0, $1, n, blue, $2) }
    case .hsv, .hsvFull:
      return run(into: result, { ck_image_from_hsv_u8($0, turn, $1, n, blue, $2) }) {
        ck_image_from_hsv_f32($0, 360, $1, n, blue, $2)
      }
    case .hls, .hlsFull:
      return run(into: result, { ck_image_from_hls_u8($0, turn, $1, n, blue, $2) }) {
        ck_image_from_hls_f32($0, 360, $1, n, blue, $2)
      }
    case .lab:
      return run(into: result, { ck_image_from_lab_u8($0, isSRGB, $1, n, blue, $2) }) {
        ck_image_from_lab_f32($0, isSRGB, $1, n, blue, $2)
      }
    case .luv:
      return run(into: result, { ck_image_from_luv_u8($0, isSRGB, $1, n, blue, $2) }) {
        ck_image_from_luv_f32($0, isSRGB, $1, n, blue, $2)
      }
    default:
      let isYUV: Int32 = code.source == .yuv ? 1 : 0
      return run(into: result, { ck_image_from_ycc_u8($0, isYUV, $1, n, blue, $2) }) {
        ck_image_from_ycc_f32($0, isYUV, $1, n, blue, $2)
      }
    }
  }

  // MARK: from red, green and blue

  private func fromColors(_ code: ColorConversion, blue: Int32) throws(ImageError) -> Image {
    try require(3...4, [.uint8, .float32], code)
    let n = Int32(channels)
    let isSRGB: Int32 = code.source.isLinear ? 0 : 1
    switch code.target {
    case .gray:
      return run(into: try like(channels: 1), { kernels.to_gray_u8($0, n, blue, $1, $2) }) {
        ck_image_to_gray_f32($0, n, blue, $1, $2)
      }
    case .xyz:
      return run(into: try like(channels: 3), { ck_image_to_xyz_u8($0, n, blue, $1, $2) }) {
        ck_image_to_xyz_f32($0, n, blue, $1, $2)
      }
    case .hsv, .hsvFull:
      let turn: Int32 = code.target == .hsv ? 180 : 256
      return run(into: try like(channels: 3), { kernels.to_hsv_u8($0, n, blue, turn, $1, $2) }) {
        ck_image_to_hsv_f32($0, n, blue, 360, $1, $2)
      }
    case .hls, .hlsFull:
      let turn: Int32 = code.target == .hls ? 180 : 255
      return run(into: try like(channels: 3), { ck_image_to_hls_u8($0, n, blue, turn, $1, $2) }) {
        ck_image_to_hls_f32($0, n, blue, 360, $1, $2)
      }
    case .yCrCb, .yuv:
      let isYUV: Int32 = code.target == .yuv ? 1 : 0
      return run(into: try like(channels: 3), { ck_image_to_ycc_u8($0, n, blue, isYUV, $1, $2) }) {
        ck_image_to_ycc_f32($0, n, blue, isYUV, $1, $2)
      }
    case .lab:
      return run(into: try like(channels: 3), { ck_image_to_lab_u8($0, n, blue, LabTables.of(isSRGB).pointer, $1, $2) }) {
        ck_image_to_lab_f32($0, n, blue, isSRGB, $1, $2)
      }
    case .luv:
      return run(into: try like(channels: 3), { ck_image_to_luv_u8($0, n, blue, LabTables.of(isSRGB).pointer, $1, $2) }) {
        ck_image_to_luv_f32($0, n, blue, isSRGB, $1, $2)
      }
    case .bgr565, .bgr555:
      try require(3...4, [.uint8], code)
      let bits = code.target.greenBits ?? 6
      let result = try like(channels: 2)
      read(UInt8.self) { ck_image_to_packed16($0, n, blue, bits, result.write(UInt8.self), pixelCount) }
      return result
    case .premultipliedRGBA:
      try require(4...4, [.uint8], code)
      guard code.source == .rgba else { throw refusal(code, "RGBA on the other side") }
      let result = try like()
      read(UInt8.self) { ck_image_premultiply($0, result.write(UInt8.self), pixelCount) }
      return result
    case .i420, .yv12: return try toPlanes(code, blue)
    default: throw refusal(code, "a conversion that OpenCV has")
    }
  }

  private func betweenOthers(_ code: ColorConversion) throws(ImageError) -> Image {
    switch (code.source, code.target) {
    case (.gray, .bgr565), (.gray, .bgr555):
      try require(1...1, [.uint8], code)
      let result = try like(channels: 2)
      read(UInt8.self) { ck_image_gray_to_packed16($0, code.target.greenBits ?? 6, result.write(UInt8.self), pixelCount) }
      return result
    case (.bgr565, .gray), (.bgr555, .gray):
      try require(2...2, [.uint8], code)
      let result = try like(channels: 1)
      read(UInt8.self) { ck_image_packed16_to_gray($0, code.source.greenBits ?? 6, result.write(UInt8.self), pixelCount) }
      return result
    case (.i420, .gray), (.yv12, .gray), (.nv12, .gray), (.nv21, .gray):
      let luma = try planes(code)
      let result = try like(height: luma)
      read(UInt8.self) { result.write(UInt8.self).update(from: $0, count: luma * width) }
      return result
    case (.uyvy, .gray), (.yuy2, .gray), (.yvyu, .gray):
      try require(2...2, [.uint8], code)
      let result = try like(channels: 1)
      read(UInt8.self) { ck_image_luma_of_yuv422($0, code.source == .uyvy ? 1 : 0, result.write(UInt8.self), pixelCount) }
      return result
    default: throw refusal(code, "a conversion that OpenCV has")
    }
  }
}

/// Tables for bytes, made once.
private struct LabTables: @unchecked Sendable {
  // Unchecked: written before it is shared.
  let pointer: UnsafePointer<ck_image_lab_tables>

  private init(isSRGB: Int32) {
    let tables = UnsafeMutablePointer<ck_image_lab_tables>.allocate(capacity: 1)
    ck_image_fill_lab_tables(tables, isSRGB)
    pointer = UnsafePointer(tables)
  }

  private static let gammaCoded = LabTables(isSRGB: 1)
  private static let linear = LabTables(isSRGB: 0)
  static func of(_ isSRGB: Int32) -> LabTables { isSRGB == 1 ? gammaCoded : linear }
}
