import CKernels

/// Follows the borders of the regions of equal labels, as OpenCV's `RETR_FLOODFILL` does.
///
/// A region's outer border is followed from where its row is entered from a border already followed, or from zeros; a hole's border
/// is that of the region to the left of it.
struct RegionTracer {
  /// The bits of a label that tell its region, and those that say that a border has passed. Labels that come with these have none.
  private static let region: Int32 = 0x3fff_ffff
  private static let passed: Int32 = ~region
  /// In the order of their first pixels.
  private(set) var borders: [TracedBorder] = []

  init(_ image: Image) throws(ImageError) {
    // Around the picture zeros, whose borders may go there, and around them another value, where nothing goes.
    let (width, height) = (image.width + 4, image.height + 4)
    let scratch = try Scratch<Int32>(width * height)
    let second = try Scratch<Int32>(width * height)
    scratch.use { labels in
      labels.update(repeating: 1, count: width * height)
      for y in 1..<height - 1 { (labels + y * width + 1).update(repeating: 0, count: width - 2) }
      image.read(Int32.self) { pixels in
        for y in 0..<image.height {
          (labels + (y + 2) * width + 2).update(from: pixels + y * image.width, count: image.width)
        }
      }
      second.use { latest in
        latest.update(repeating: -1, count: width * height)
        scan(labels, latest, width, height)
      }
    }
  }

  private mutating func scan(
    _ labels: UnsafeMutablePointer<Int32>, _ latest: UnsafeMutablePointer<Int32>, _ width: Int, _ height: Int
  ) {
    var room = PointRoom()
    func isPassed(_ label: Int32) -> Bool { label & Self.passed != 0 }
    for y in 2..<height - 2 {
      let row = labels + y * width
      var met: Int?  // the column of the border met last in this row
      var x = 2
      while x < width - 2 {
        let (left, label) = (row[x - 1], row[x])
        if (left ^ label) & Self.region == 0 {
          x += 1
          continue
        }
        if isPassed(label) {
          met = x
          x += 1
          continue
        }
        let isOuter = left == 0 || isPassed(left)
        let start = isOuter ? x : x - 1
        let number = Int32(clamping: borders.count)
        let parent = isOuter ? -1 : met.map { holder(of: Int(latest[y * width + $0])) } ?? -1
        let points = room.filled {
          ck_image_follow_region(labels, latest, width, y * width + start, isOuter ? 1 : 0, number, $0, $1)
        }
        borders.append(TracedBorder(isHole: !isOuter, parent: parent, points: points))
        met = start
        // After a hole's border, what lies in the hole begins at the same pixel.
        x = isOuter ? x + 1 : x
      }
    }
  }

  /// The outer border that holds a hole seen after `border`.
  private func holder(of border: Int) -> Int {
    border >= 0 && borders[border].isHole ? borders[border].parent : border
  }
}
