public import MNNExpr
import MNNGraph

extension cv {
  /// Regions of connected pixels that are not 0.
  ///
  /// - Parameters:
  ///   - image: `uint8`, of one channel.
  ///   - connectivity: 4 or 8 neighbours.
  /// - Returns: the number of labels with the background's, 0; the label of each pixel, `int32[height, width]`; for each label
  ///   left, top, width, height and area, `int32[labels, 5]`; and the mean of its pixels' positions, `float64[labels, 2]`.
  public static func connectedComponentsWithStats(
    _ image: Variable, connectivity: Int = 8
  ) throws(ImageError) -> (count: Int, labels: Variable, stats: Variable, centroids: Variable) {
    let image = try Image(image, "image", depths: [.uint8], channels: 1...1)
    guard connectivity == 4 || connectivity == 8, image.pixelCount < Int(Int32.max) else {
      throw ImageError(.argumentInvalid, "no such neighbours", expected: "connectivity 4 or 8", found: "\(connectivity)")
    }
    let (width, height) = (image.width, image.height)
    let result = try inMemory { () throws(GraphError) in try Tensor(uninitialized: .int32, shape: [height, width]) }
    let labels = result.unsafeMutable(as: Int32.self)
    var parents: [Int32] = [0]
    func root(_ label: Int32) -> Int32 {
      var label = label
      while parents[Int(label)] != label {
        parents[Int(label)] = parents[Int(parents[Int(label)])]
        label = parents[Int(label)]
      }
      return label
    }
    image.read(UInt8.self) { pixels in
      for y in 0..<height {
        for x in 0..<width {
          let at = y * width + x
          guard pixels[at] != 0 else {
            labels[at] = 0
            continue
          }
          var neighbours: [Int32] = []
          if x > 0, labels[at - 1] > 0 { neighbours.append(labels[at - 1]) }
          if y > 0, labels[at - width] > 0 { neighbours.append(labels[at - width]) }
          if connectivity == 8, y > 0 {
            if x > 0, labels[at - width - 1] > 0 { neighbours.append(labels[at - width - 1]) }
            if x + 1 < width, labels[at - width + 1] > 0 { neighbours.append(labels[at - width + 1]) }
          }
          let roots = neighbours.map(root)
          guard let least = roots.min() else {
            labels[at] = Int32(parents.count)
            parents.append(labels[at])
            continue
          }
          for other in roots { parents[Int(other)] = least }
          labels[at] = least
        }
      }
    }
    // Numbers in the order in which 2 x 2 blocks (8 neighbours) or pixels meet the regions, as OpenCV counts.
    var numbers = [Int32](repeating: -1, count: parents.count)
    numbers[0] = 0
    var count: Int32 = 1
    func number(_ at: Int) {
      let label = root(labels[at])
      if numbers[Int(label)] < 0 {
        numbers[Int(label)] = count
        count += 1
      }
    }
    let step = connectivity == 8 ? 2 : 1
    for y in stride(from: 0, to: height, by: step) {
      for x in stride(from: 0, to: width, by: step) {
        for dy in 0..<min(step, height - y) { for dx in 0..<min(step, width - x) { number((y + dy) * width + x + dx) } }
      }
    }
    var boxes = (0..<Int(count)).map { _ in (left: Int.max, top: Int.max, right: -1, bottom: -1, area: 0, x: 0.0, y: 0.0) }
    for y in 0..<height {
      for x in 0..<width {
        let label = Int(numbers[Int(root(labels[y * width + x]))])
        labels[y * width + x] = Int32(label)
        boxes[label].left = min(boxes[label].left, x)
        boxes[label].right = max(boxes[label].right, x)
        boxes[label].top = min(boxes[label].top, y)
        boxes[label].bottom = max(boxes[label].bottom, y)
        boxes[label].area += 1
        boxes[label].x += Double(x)
        boxes[label].y += Double(y)
      }
    }
    let stats = boxes.flatMap { box -> [Int32] in
      guard box.area > 0 else { return [Int32.max, Int32.max, 0, 0, 0] }
      return [box.left, box.top, box.right - box.left + 1, box.bottom - box.top + 1, box.area].map { Int32($0) }
    }
    let centroids = boxes.flatMap { [$0.x / Double($0.area), $0.y / Double($0.area)] }
    return (Int(count), Variable(result), try array([boxes.count, 5], stats), try array([boxes.count, 2], centroids))
  }

  /// The labels alone; see ``connectedComponentsWithStats(_:connectivity:)``.
  public static func connectedComponents(
    _ image: Variable, connectivity: Int = 8
  ) throws(ImageError) -> (count: Int, labels: Variable) {
    let result = try connectedComponentsWithStats(image, connectivity: connectivity)
    return (result.count, result.labels)
  }
}
