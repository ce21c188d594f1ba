public import MNNGraph

/// Images on other grids.
extension expr {
  /// How a value between pixels is found.
  public enum Interpolation: String, Sendable, Hashable, CaseIterable { case nearest, bilinear, cubic }

  /// The image `xScale` times as wide and `yScale` times as high, rounded down, bilinear, pixel 0 staying where it is.
  public static func resize(_ x: Variable, xScale: Float, yScale: Float) -> Variable {
    Variable.attempt { () throws(ExprError) in
      let image = x.channelsFirst
      let shape = try image.shape
      guard shape.count == 4, shape[2] >= 0, shape[3] >= 0 else {
        throw ExprError(.argumentInvalid, "not an image of known sizes", expected: "four axes", found: "\(shape)")
      }
      let (height, width) = (Float(shape[2]) * yScale, Float(shape[3]) * xScale)
      guard xScale > 0, yScale > 0, height < 0x1p24, width < 0x1p24 else {
        throw ExprError(.argumentInvalid, "bad scales", expected: "above 0", found: "\(xScale), \(yScale)")
      }
      // Positions follow from the sizes, not from the scales, as in MNN.
      return Variable.apply(
        Resize(.linear, transformation: .asymmetric, axes: [2, 3]),
        [image, nil, nil, .integers([Int(converting: height), Int(converting: width)])],
        constants: [3])
    }
  }

  /// The image with other sizes, pixels taken as areas.
  public static func resize(_ x: Variable, height: Int, width: Int, method: Interpolation = .bilinear) -> Variable {
    let mode: Resize.Mode =
      switch method {
      case .nearest: .nearest(.preferFloor)
      case .bilinear: .linear
      case .cubic: .cubic(coefficient: -0.75)
      }
    return Variable.apply(
      Resize(mode, axes: [2, 3]), [x.channelsFirst, nil, nil, .integers([height, width])], constants: [3])
  }

  /// Parts of images brought to one size.
  ///
  /// - Parameters:
  ///   - x: `[n, c, h, w]`.
  ///   - boxes: `[boxes, 4]`, `y1 x1 y2 x2` as fractions of the image: 0 and 1 are the centers of the outermost pixels.
  ///   - boxIndices: `[boxes]`, the image of each box.
  ///   - cropSize: height and width of the results.
  ///   - method: nearest or bilinear.
  ///   - extrapolationValue: what lies outside.
  /// - Returns: `[boxes, c, height, width]`.
  public static func cropAndResize(
    _ x: Variable, boxes: Variable, boxIndices: Variable, cropSize: [Int], method: Interpolation = .bilinear,
    extrapolationValue: Float = 0
  ) -> Variable {
    Variable.attempt { () throws(ExprError) in
      let image = x.channelsFirst
      let shape = try image.shape
      let boxShape = try boxes.shape
      guard shape.count == 4, boxShape.count == 2, boxShape[1] == 4, cropSize.count == 2, cropSize.allSatisfy({ $0 > 0 }),
        shape[2] > 0, shape[3] > 0, method != .cubic
      else {
        throw ExprError(
          .argumentInvalid, "boxes do not fit the image", expected: "an image of four axes, boxes of four numbers, two sizes",
          found: "\(shape), \(boxShape), \(cropSize), \(method)")
      }
      let count = boxShape[0]
      let edges = split(boxes.cast(to: .float32), sizes: [1, 1, 1, 1], axis: 1)
      let ys = samples(edges[0], edges[2], size: shape[2], count: cropSize[0])
      let xs = samples(edges[1], edges[3], size: shape[3], count: cropSize[1])
      let y = reshape(ys, [count, cropSize[0], 1])
      let x = reshape(xs, [count, 1, cropSize[1]])
      let pixels = transpose(image.cast(to: .float32), perm: [0, 2, 3, 1])
      let batch = reshape(boxIndices.cast(to: .int64), [count, 1, 1])
      func pixel(_ row: Variable, _ column: Variable) -> Variable {
        let grid = [count, cropSize[0], cropSize[1]]
        let parts = [batch, clamped(row, shape[2]), clamped(column, shape[3])].map { broadcastTo($0, grid) }
        return gatherND(pixels, stack(parts, axis: -1))
      }
      let values: Variable
      if method == .nearest {
        values = pixel(floor(y + 0.5), floor(x + 0.5))
      } else {
        let (top, left) = (floor(y), floor(x))
        let down = unsqueeze(y - top, axes: [3])
        let across = unsqueeze(x - left, axes: [3])
        let upper = pixel(top, left) + (pixel(top, left + 1) - pixel(top, left)) * across
        let lower = pixel(top + 1, left) + (pixel(top + 1, left + 1) - pixel(top + 1, left)) * across
        values = upper + (lower - upper) * down
      }
      let inside = logicalAnd(
        logicalAnd(y >= 0, y <= Float(shape[2] - 1)), logicalAnd(x >= 0, x <= Float(shape[3] - 1)))
      let result = select(unsqueeze(inside, axes: [3]), values, Variable(scalar: extrapolationValue))
      var moved = transpose(result, perm: [0, 3, 1, 2])
      moved.format = .NC4HW4
      return moved
    }
  }

  /// Where `count` samples of the part from `low` to `high`, `[boxes, 1]`, lie on an axis of `size` pixels: `[boxes, count]`.
  private static func samples(_ low: Variable, _ high: Variable, size: Int, count: Int) -> Variable {
    let last = Float(size - 1)
    if count == 1 { return (low + high) * (0.5 * last) }
    let steps = Variable((0..<count).map { Float($0) }, shape: [1, count])
    return low * last + steps * ((high - low) * (last / Float(count - 1)))
  }

  private static func clamped(_ position: Variable, _ size: Int) -> Variable {
    relu6(position, min: 0, max: Float(size - 1)).cast(to: .int64)
  }

  /// The image sampled where a grid of positions says, from -1 to 1, the last axis first.
  ///
  /// - Parameters:
  ///   - x: `[n, c, h, w]`.
  ///   - grid: `[n, height, width, 2]`.
  ///   - alignCorners: -1 and 1 are the centers of the outermost pixels, not their outer edges.
  /// - Returns: `[n, c, height, width]`.
  public static func gridSample(
    _ x: Variable, grid: Variable, method: Interpolation = .bilinear, padding: GridSample.Padding = .zeros,
    alignCorners: Bool = false
  ) -> Variable {
    let mode: GridSample.Mode =
      switch method {
      case .nearest: .nearest
      case .bilinear: .linear
      case .cubic: .cubic
      }
    return Variable.apply(GridSample(mode, padding: padding, alignsCorners: alignCorners), [x.channelsFirst, grid])
  }

  /// Regions brought to one size, the largest of the whole pixels of each bin.
  ///
  /// - Parameter roi: `[regions, 5]`: the image, then `x1 y1 x2 y2` in units of `1 / spatialScale` pixels.
  public static func roiPooling(
    _ input: Variable, roi: Variable, pooledHeight: Int, pooledWidth: Int, spatialScale: Float
  ) -> Variable {
    Variable.apply(
      MaxRoiPool(height: pooledHeight, width: pooledWidth, scale: spatialScale), [input.channelsFirst, roi])
  }

  /// Regions brought to one size, the mean or the largest of samples between pixels.
  ///
  /// - Parameters:
  ///   - roi: `[regions, 5]`: the image, then `x1 y1 x2 y2` in units of `1 / spatialScale` pixels.
  ///   - samplingRatio: samples a bin has on each axis; 0 for one per pixel.
  ///   - aligned: pixel `i` covers `i - 0.5 ... i + 0.5`.
  public static func roiAlign(
    _ input: Variable, roi: Variable, pooledHeight: Int, pooledWidth: Int, spatialScale: Float = 1, samplingRatio: Int = 0,
    aligned: Bool = false, poolType: RoiAlign.Function = .average
  ) -> Variable {
    let parts = split(roi, sizes: [1, 4], axis: 1)
    return Variable.apply(
      RoiAlign(
        poolType, height: pooledHeight, width: pooledWidth, samplesPerAxis: samplingRatio, scale: spatialScale,
        isAligned: aligned),
      [input.channelsFirst, parts[parts.count - 1], reshape(parts[0].cast(to: .int64), [-1])])
  }
}
