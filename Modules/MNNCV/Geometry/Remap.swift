// OpenCV's own names, so that its documentation serves.
// swift-format-ignore-file: AlwaysUseLowerCamelCase

import CKernels
public import MNNExpr
import MNNGraph

/// The forms of the maps of ``cv/remap(_:_:_:_:borderMode:borderValue:)``.
public enum MapType: Sendable, Hashable, CaseIterable {
  /// Two maps `float32[height, width]`, of columns and of rows (OpenCV's `CV_32FC1`).
  case separate
  /// One map `float32[height, width, 2]` (`CV_32FC2`).
  case interleaved
  /// `int16[height, width, 2]` of whole pixels, and `uint16[height, width]` of 32 times the fraction of the row, times 32, plus 32
  /// times the fraction of the column (`CV_16SC2`).
  case fixed
}

extension cv {
  /// An image whose pixels are read at given places.
  ///
  /// - Parameters:
  ///   - map1, map2: `float32[height, width]` of columns and of rows; or `map1` `float32[height, width, 2]` of both and nil; or
  ///     in fixed point as ``convertMaps(_:_:_:nninterpolation:)`` gives them.
  ///   - interpolation: as for ``warpAffine(_:_:_:flag:isInverse:borderMode:borderValue:code:mean:norm:)``.
  public static func remap(
    _ src: Variable, _ map1: Variable, _ map2: Variable?, _ interpolation: Interpolation,
    borderMode: Border = .constant, borderValue: [Double] = []
  ) throws(ImageError) -> Variable {
    let image = try Image(src)
    let maps = try planes(map1, map2)
    let isFixed = try contents(map1, "map1").dtype == .int16
    let (width, height) = (maps.x.width, maps.x.height)
    return try maps.x.read(Float.self) { xs throws(ImageError) in
      try maps.y.read(Float.self) { ys throws(ImageError) in
        try image.warped((width, height), interpolation, borderMode, borderValue, isFixed: isFixed) { y, sx, sy, n in
          sx.update(from: xs + Int(y) * width, count: n)
          sy.update(from: ys + Int(y) * width, count: n)
        } fixed: { y, bits, sx, sy, n in
          ck_image_fix_row(xs + Int(y) * width, bits, sx, n)
          ck_image_fix_row(ys + Int(y) * width, bits, sy, n)
        }
      }
    }.variable
  }

  /// Maps of ``remap(_:_:_:_:borderMode:borderValue:)`` in another form.
  ///
  /// - Parameters:
  ///   - map1, map2: in any of the forms.
  ///   - dstmap1type: the form of the result.
  ///   - nninterpolation: for ``MapType/fixed``, whether the maps are for the nearest pixel and need no fractions.
  /// - Returns: the second map is nil if the form has none.
  public static func convertMaps(
    _ map1: Variable, _ map2: Variable?, _ dstmap1type: MapType, nninterpolation: Bool = false
  ) throws(ImageError) -> (map1: Variable, map2: Variable?) {
    let maps = try planes(map1, map2)
    switch dstmap1type {
    case .separate: return (maps.x.variable, maps.y.variable)
    case .interleaved:
      let result = try Image(uninitialized: .float32, maps.x.height, maps.x.width, 2, isFlat: false)
      for (place, map) in [maps.x, maps.y].enumerated() {
        map.read(UInt8.self) { ck_image_copy_channel($0, 1, 0, result.write(UInt8.self), 2, Int32(place), 4, map.pixelCount) }
      }
      return (result.variable, nil)
    case .fixed:
      let whole = try Image(uninitialized: .int16, maps.x.height, maps.x.width, 2, isFlat: false)
      let part = try Image(uninitialized: .uint16, maps.x.height, maps.x.width, 1, isFlat: true)
      maps.x.read(Float.self) { x in
        maps.y.read(Float.self) { y in
          if nninterpolation {
            ck_image_fix_map(x, y, 0, whole.write(Int16.self), nil, whole.pixelCount)
          } else {
            ck_image_fix_map(x, y, 5, whole.write(Int16.self), part.write(UInt16.self), whole.pixelCount)
          }
        }
      }
      return (whole.variable, nninterpolation ? nil : part.variable)
    }
  }

  /// As ``convertMaps(_:_:_:nninterpolation:)`` to floats.
  ///
  /// - Parameter channels: 1 or 2 of the first map of the result.
  public static func convertMaps(
    _ map1: Variable, _ map2: Variable?, channels: Int
  ) throws(ImageError) -> (map1: Variable, map2: Variable?) {
    try convertMaps(map1, map2, channels == 2 ? .interleaved : .separate)
  }

  private static func planes(_ map1: Variable, _ map2: Variable?) throws(ImageError) -> (x: Image, y: Image) {
    if try contents(map1, "map1").dtype == .int16 { return try planesOfFixed(map1, map2) }
    if let map2 {
      let (x, y) = (
        try Image(map1, "map1", depths: [.float32], channels: 1...1), try Image(map2, "map2", depths: [.float32], channels: 1...1)
      )
      guard x.width == y.width, x.height == y.height else {
        throw ImageError(.argumentInvalid, "the maps differ in size", expected: "\(x.type)", found: "\(y.type)")
      }
      return (x, y)
    }
    let both = try Image(map1, "map1", depths: [.float32], channels: 2...2)
    let x = try Image(uninitialized: .float32, both.height, both.width, 1, isFlat: true)
    let maps = [x, try x.like()]
    for (place, map) in maps.enumerated() {
      both.read(UInt8.self) { ck_image_copy_channel($0, 2, Int32(place), map.write(UInt8.self), 1, 0, 4, both.pixelCount) }
    }
    return (maps[0], maps[1])
  }

  private static func planesOfFixed(_ map1: Variable, _ map2: Variable?) throws(ImageError) -> (x: Image, y: Image) {
    let whole = try Image(map1, "map1", depths: [.int16], channels: 2...2)
    let part = try map2.map { (map2) throws(ImageError) in
      try Image(map2, "map2", depths: [.uint16, .int16], channels: 1...1)
    }
    if let part, part.width != whole.width || part.height != whole.height {
      throw ImageError(.argumentInvalid, "the maps differ in size", expected: "\(whole.type)", found: "\(part.type)")
    }
    let x = try Image(uninitialized: .float32, whole.height, whole.width, 1, isFlat: true)
    let y = try x.like()
    whole.read(Int16.self) { pixels in
      let (sx, sy) = (x.write(Float.self), y.write(Float.self))
      if let part {
        part.read(UInt16.self) { ck_image_unfix_map(pixels, $0, sx, sy, whole.pixelCount) }
      } else {
        ck_image_unfix_map(pixels, nil, sx, sy, whole.pixelCount)
      }
    }
    return (x, y)
  }
}
