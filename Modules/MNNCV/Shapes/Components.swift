import CKernels
public import MNNExpr
import MNNGraph

extension cv {
  /// Regions of connected pixels that are not 0.
  ///
  /// - Parameters:
  ///   - image: `uint8`, of one channel.
  ///   - connectivity: 4 or 8 neighbors.
  /// - Returns: the number of labels with the background's, 0; the label of each pixel, `int32[height, width]`; for each label
  ///   left, top, width, height and area, `int32[labels, 5]`; and the mean of its pixels' positions, `float64[labels, 2]`.
  public static func connectedComponentsWithStats(
    _ image: Variable, connectivity: Int = 8
  ) throws(ImageError) -> (count: Int, labels: Variable, stats: Variable, centroids: Variable) {
    let image = try Image(image, "image", depths: [.uint8], channels: 1...1)
    guard connectivity == 4 || connectivity == 8, image.pixelCount < Int(Int32.max) else {
      throw ImageError(.argumentInvalid, "no such neighbors", expected: "connectivity 4 or 8", found: "\(connectivity)")
    }
    let (width, height) = (image.width, image.height)
    let result = try inMemory { () throws(GraphError) in try Tensor(uninitialized: .int32, shape: [height, width]) }
    let (most, overflow) = height.multipliedReportingOverflow(by: width / 2 + 1)
    guard !overflow, most < Int(Int32.max) else {
      throw ImageError(.imageTooLarge, "image is too large", expected: "fewer than 2^31 runs", found: "\(image.type)")
    }
    let labels = result.unsafeMutable(as: Int32.self)
    let regions = try Scratch<ck_image_run>(most).use { runs throws(ImageError) in
      try Scratch<Int>(height + 1).use { rows throws(ImageError) in
        let count = image.read(UInt8.self) { ck_image_number_runs($0, width, height, Int32(connectivity), runs, rows) }
        let regions = try Scratch<ck_image_region>(Int(count))
        return regions.use { regions in
          ck_image_label_runs(runs, rows, width, height, labels.baseAddress, regions, count)
          return Array(UnsafeBufferPointer(start: regions, count: Int(count)))
        }
      }
    }
    let stats = regions.flatMap { region -> [Int32] in
      guard region.area > 0 else { return [Int32.max, Int32.max, 0, 0, 0] }
      return [region.left, region.top, region.right - region.left + 1, region.bottom - region.top + 1, region.area]
    }
    let centroids = regions.flatMap { [$0.x / Double($0.area), $0.y / Double($0.area)] }
    return (
      regions.count, Variable(result), try array([regions.count, 5], stats), try array([regions.count, 2], centroids)
    )
  }

  /// The labels alone; see ``connectedComponentsWithStats(_:connectivity:)``.
  public static func connectedComponents(
    _ image: Variable, connectivity: Int = 8
  ) throws(ImageError) -> (count: Int, labels: Variable) {
    let result = try connectedComponentsWithStats(image, connectivity: connectivity)
    return (result.count, result.labels)
  }
}
