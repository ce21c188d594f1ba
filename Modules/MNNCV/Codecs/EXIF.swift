/// Finds the orientation among the EXIF data of a picture. Whatever is malformed there counts as absent.
///
/// - SeeAlso: EXIF 2.3, section 4.6.4; TIFF 6.0, section 2; PNG, chunk eXIf; WebP, chunk EXIF.
enum EXIF {
  static func orientation(in bytes: UnsafeRawBufferPointer, of codec: ImageCodec) -> Orientation? {
    let block: Block?
    switch codec {
    case .jpeg: block = jpegBlock(bytes)
    case .png: block = pngBlock(bytes)
    case .webp: block = webpBlock(bytes)
    case .bmp: block = nil
    }
    return block.flatMap { orientation(inTIFF: $0) }
  }

  /// The TIFF block of the first APP1 segment "Exif" before the picture.
  private static func jpegBlock(_ bytes: UnsafeRawBufferPointer) -> Block? {
    let file = Block(bytes, isBigEndian: true)
    var offset = 2
    while let marker = file.integer(at: offset, byteCount: 2), marker >= 0xff00, marker != 0xffda,
      let length = file.integer(at: offset + 2, byteCount: 2), length >= 2
    {
      if marker == 0xffe1, let body = file.slice(offset + 4, length - 2), body.bytes.starts(with: identifier) {
        return body.slice(6, body.bytes.count - 6)
      }
      offset += 2 + length
    }
    return nil
  }

  private static let identifier: [UInt8] = [0x45, 0x78, 0x69, 0x66, 0, 0]  // "Exif", two zeros

  /// The chunk EXIF, wherever it is. Some writers put JPEG's identifier before the block.
  private static func webpBlock(_ bytes: UnsafeRawBufferPointer) -> Block? {
    let file = Block(bytes, isBigEndian: false)
    var offset = 12
    while let type = file.integer(at: offset, byteCount: 4), let length = file.integer(at: offset + 4, byteCount: 4) {
      if type == 0x4649_5845 {
        guard let body = file.slice(offset + 8, length) else { return nil }
        return body.bytes.starts(with: identifier) ? body.slice(6, body.bytes.count - 6) : body
      }
      offset += 8 + length + length % 2
    }
    return nil
  }

  private static func pngBlock(_ bytes: UnsafeRawBufferPointer) -> Block? {
    let file = Block(bytes, isBigEndian: true)
    var offset = 8
    while let length = file.integer(at: offset, byteCount: 4), let type = file.integer(at: offset + 4, byteCount: 4) {
      if type == 0x6558_4966 { return file.slice(offset + 8, length) }
      if type == 0x4944_4154 { return nil }  // IDAT: readers look no further, as the pixels follow
      offset += 12 + length
    }
    return nil
  }

  private static func orientation(inTIFF block: Block) -> Orientation? {
    var block = block
    switch block.integer(at: 0, byteCount: 2) {
    case 0x4949: block.isBigEndian = false
    case 0x4d4d: block.isBigEndian = true
    default: return nil
    }
    guard block.integer(at: 2, byteCount: 2) == 42, let directory = block.integer(at: 4, byteCount: 4),
      let count = block.integer(at: directory, byteCount: 2)
    else { return nil }
    for entry in 0..<count {
      let start = directory + 2 + 12 * entry
      guard let tag = block.integer(at: start, byteCount: 2) else { return nil }
      guard tag == 0x0112 else { continue }
      return block.integer(at: start + 8, byteCount: 2).flatMap(Orientation.init(rawValue:))
    }
    return nil
  }
}

/// Bytes with an order, read with checked bounds.
private struct Block {
  let bytes: UnsafeRawBufferPointer
  var isBigEndian: Bool

  init(_ bytes: UnsafeRawBufferPointer, isBigEndian: Bool) {
    self.bytes = bytes
    self.isBigEndian = isBigEndian
  }

  func slice(_ offset: Int, _ count: Int) -> Block? {
    guard offset >= 0, count >= 0, offset <= bytes.count, count <= bytes.count - offset else { return nil }
    return Block(UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + count]), isBigEndian: isBigEndian)
  }

  func integer(at offset: Int, byteCount: Int) -> Int? {
    guard let part = slice(offset, byteCount)?.bytes else { return nil }
    return isBigEndian ? part.reduce(0) { $0 << 8 | Int($1) } : part.reversed().reduce(0) { $0 << 8 | Int($1) }
  }
}
