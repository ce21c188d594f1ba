import CKernels

/// A border between a region and its surroundings.
struct TracedBorder {
  var isHole: Bool
  var parent: Int
  /// Columns and rows.
  var points: [SIMD2<Int32>]
}

/// Follows the borders of a picture.
struct BorderTracer {
  /// In the order of their first pixels.
  private(set) var borders: [TracedBorder] = []

  init(_ image: Image) throws(ImageError) {
    // A frame of zeros; 0 and 1, and for pixels of borders the number of the border from 2, negative where the pixel to the right
    // is outside.
    let (width, height) = (image.width + 2, image.height + 2)
    let scratch = try Scratch<Int32>(width * height)
    scratch.use { labels in
      labels.update(repeating: 0, count: width)
      (labels + (height - 1) * width).update(repeating: 0, count: width)
      image.read(UInt8.self) { pixels in
        for y in 0..<image.height {
          let row = labels + (y + 1) * width
          (row[0], row[width - 1]) = (0, 0)
          kernels.mark_inside(pixels + y * image.width, row + 1, image.width)
        }
      }
      scan(labels, width, height)
    }
  }

  private mutating func scan(_ labels: UnsafeMutablePointer<Int32>, _ width: Int, _ height: Int) {
    var room = PointRoom()
    for y in 1..<height - 1 {
      var last = 1  // the number of the border met last in this row: the frame
      let row = labels + y * width
      var x = 1
      while x < width - 1 {
        let value = row[x]
        let isOuter = value == 1 && row[x - 1] == 0
        let isHole = value >= 1 && row[x + 1] == 0
        if isOuter || isHole {
          if !isOuter, value > 1 { last = Int(value) }
          // The parent of a border is the one met last if that is of the other kind, else that one's parent.
          let parent = last == 1 ? -1 : borders[last - 2].isHole == !isOuter ? borders[last - 2].parent : last - 2
          let number = Int32(clamping: borders.count + 2)
          let points = room.filled {
            ck_image_follow_border(labels, width, y * width + x, isOuter ? 1 : 0, number, $0, $1)
          }
          borders.append(TracedBorder(isHole: !isOuter, parent: parent, points: points))
        }
        if row[x] != 0, row[x] != 1 { last = Int(abs(row[x])) }
        x = ck_image_next_change(row, x + 1, width - 1)
      }
    }
  }
}

/// Room for points, kept from border to border.
struct PointRoom {
  private var points = [SIMD2<Int32>](repeating: .zero, count: 1024)

  /// What `follow` writes, which is told the place and how many points fit, and tells how many there are; it may be called twice.
  mutating func filled(_ follow: (UnsafeMutablePointer<Int32>?, Int) -> Int) -> [SIMD2<Int32>] {
    while true {
      let capacity = points.count
      let count = points.withUnsafeMutableBytes { follow($0.assumingMemoryBound(to: Int32.self).baseAddress, capacity) }
      if count <= capacity { return Array(points[..<count]) }
      points = [SIMD2<Int32>](repeating: .zero, count: count)
    }
  }
}
