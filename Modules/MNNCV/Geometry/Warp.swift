// OpenCV's own names, so that its documentation serves.
// swift-format-ignore-file: AlwaysUseLowerCamelCase

import CKernels
public import MNNExpr
import MNNGraph

extension cv {
  /// An image under an affine map.
  ///
  /// - Parameters:
  ///   - M: `[2, 3]`, from the source to the result; with `isInverse` from the result to the source.
  ///   - dsize: width and height of the result.
  ///   - flag: ``INTER_NEAREST``, ``INTER_LINEAR``, ``INTER_CUBIC`` or ``INTER_LANCZOS4``; ``INTER_AREA`` is linear.
  ///   - borderMode, borderValue: what lies outside; the value of each channel.
  ///   - code, mean, norm: what becomes of the result in the same pass, as for
  ///     ``resize(_:_:fx:fy:interpolation:code:mean:norm:)``.
  /// - Throws: ``ImageError/Code/argumentInvalid``, also if `M` has no inverse.
  public static func warpAffine(
    _ src: Variable, _ M: Variable, _ dsize: (width: Int, height: Int), flag: Interpolation = .linear,
    isInverse: Bool = false, borderMode: Border = .constant, borderValue: [Double] = [], code: ColorConversion? = nil,
    mean: [Float] = [], norm: [Float] = []
  ) throws(ImageError) -> Variable {
    let matrix = try matrix(M, "M", 2, 3)
    let map = isInverse ? matrix : try invertedAffine(matrix)
    let finish = Finish(code: code, mean: mean, norm: norm)
    return try Image(src).warped(dsize, flag, borderMode, borderValue, finish: finish) { y, sx, sy, n in
      kernels.affine_row(map, y, sx, sy, n)
    } fixed: { y, bits, sx, sy, n in
      ck_image_affine_row_fixed(map, y, bits, sx, sy, n)
    }.variable
  }

  /// An image under a projective map, `[3, 3]`; otherwise as ``warpAffine(_:_:_:flag:isInverse:borderMode:borderValue:code:mean:norm:)``.
  public static func warpPerspective(
    _ src: Variable, _ M: Variable, _ dsize: (width: Int, height: Int), flag: Interpolation = .linear,
    isInverse: Bool = false, borderMode: Border = .constant, borderValue: [Double] = []
  ) throws(ImageError) -> Variable {
    let matrix = try matrix(M, "M", 3, 3)
    let map = isInverse ? matrix : try invertedProjective(matrix)
    return try Image(src).warped(dsize, flag, borderMode, borderValue) { y, sx, sy, n in
      ck_image_projective_row(map, y, sx, sy, n)
    } fixed: { y, bits, sx, sy, n in
      ck_image_projective_row_fixed(map, y, bits, sx, sy, n)
    }.variable
  }

  /// A rectangle of an image around a point between pixels, linearly interpolated; outside is the nearest pixel.
  public static func getRectSubPix(
    _ image: Variable, _ patchSize: (width: Int, height: Int), _ center: (x: Double, y: Double)
  ) throws(ImageError) -> Variable {
    let map: [Double] = [
      1, 0, Double(Float(center.x) - (Float(patchSize.width) - 1) * 0.5),
      0, 1, Double(Float(center.y) - (Float(patchSize.height) - 1) * 0.5),
    ]
    return try Image(image, "image").warped(patchSize, .linear, .replicate, []) { y, sx, sy, n in
      kernels.affine_row(map, y, sx, sy, n)
    } fixed: { _, _, _, _, _ in
    }.variable
  }
}

extension Image {
  /// Samples a result of `size` at coordinates that are given row by row: as floats, or in units of 1 / 2^bits of a pixel
  /// for nearest and Lanczos, and for `isFixed` for linear interpolation of bytes.
  func warped(
    _ size: (width: Int, height: Int), _ interpolation: Interpolation, _ border: Border, _ value: [Double],
    finish: Finish = .nothing, isFixed: Bool = false,
    floats: (Int32, UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>, Int) -> Void,
    fixed: (Int32, Int32, UnsafeMutablePointer<Int32>, UnsafeMutablePointer<Int32>, Int) -> Void
  ) throws(ImageError) -> Image {
    guard finish.isByRow else {
      return try finish.applied(to: warped(size, interpolation, border, value, isFixed: isFixed, floats: floats, fixed: fixed))
    }
    let result = try RowSink(self, height: size.height, width: size.width, finish: finish)
    let fill = (0..<4).map { $0 < value.count ? Float(value[$0]) : 0 }
    var source = ck_image_source(
      width: Int32(width), height: Int32(height), channels: Int32(channels),
      border: Int32(Border.allCases.firstIndex(of: border) ?? 0),
      fill: (fill[0], fill[1], fill[2], fill[3]))
    let n = size.width
    let coordinates = try Scratch<Int32>(2 * n)
    var weights: [Float] = []
    switch interpolation {
    case .lanczos4: weights = (0..<32).flatMap { Resampling.lanczosWeights(Double($0) / 32) }
    case .nearest, .linear, .area, .cubic: break
    case .linearExact, .nearestExact:
      throw ImageError(
        .argumentInvalid, "warps do not take this interpolation", expected: "nearest, linear, cubic or lanczos4",
        found: "\(interpolation)")
    }
    try coordinates.use { xs throws(ImageError) in
      let ys = xs + n
      try xs.withMemoryRebound(to: Float.self, capacity: 2 * n) { sx throws(ImageError) in
        let sy = sx + n
        for y in 0..<size.height {
          switch interpolation {
          case .nearest: fixed(Int32(y), 0, xs, ys, n)
          case .lanczos4: fixed(Int32(y), 5, xs, ys, n)
          case .linear where isFixed && depth == .uint8, .area where isFixed && depth == .uint8: fixed(Int32(y), 5, xs, ys, n)
          default: floats(Int32(y), sx, sy, n)
          }
          if depth == .uint8 {
            try result.row(y, UInt8.self) { target in
              read(UInt8.self) {
                switch interpolation {
                case .nearest: ck_image_sample_nearest_u8($0, &source, xs, ys, target, n)
                case .lanczos4: ck_image_sample_taps_u8($0, &source, xs, ys, weights, 8, target, n)
                case .cubic: ck_image_sample_cubic_u8($0, &source, sx, sy, target, n)
                case _ where isFixed: ck_image_sample_fixed_u8($0, &source, xs, ys, target, n)
                default: kernels.sample_linear_u8($0, &source, sx, sy, target, n)
                }
              }
            }
          } else {
            try result.row(y, Float.self) { target in
              read(Float.self) {
                switch interpolation {
                case .nearest: ck_image_sample_nearest_f32($0, &source, xs, ys, target, n)
                case .lanczos4: ck_image_sample_taps_f32($0, &source, xs, ys, weights, 8, target, n)
                case .cubic: ck_image_sample_cubic_f32($0, &source, sx, sy, target, n)
                default: ck_image_sample_linear_f32($0, &source, sx, sy, target, n)
                }
              }
            }
          }
        }
      }
    }
    return result.result
  }
}
