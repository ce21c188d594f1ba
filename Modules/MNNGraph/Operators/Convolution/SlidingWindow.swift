/// How much a window may reach beyond the edges of an image.
public enum SpatialPadding: Hashable, Sendable, Codable {
  /// Elements before and after each spatial axis; empty for none.
  case explicit(before: [Int], after: [Int])
  /// As much as makes the result `ceil(size / stride)`; the odd element goes after (`sameUpper`) or before (`sameLower`).
  case sameUpper, sameLower
  case valid

  public static var none: SpatialPadding { .explicit(before: [], after: []) }
}

/// How the number of window positions is rounded.
public enum WindowRounding: Hashable, Sendable, Codable {
  case floor
  /// Up, but the last window starts inside the image or the padding before it: ONNX `ceil_mode`.
  case ceil
  /// Up, whatever the last window covers, and a kernel larger than the padded image is cut to it: `.mnn` Pool.
  case ceilUnbounded
}

/// A window that slides over spatial axes: the shape rules of convolutions and poolings.
package struct SlidingWindow: Hashable, Sendable {
  package var kernel: [Int]
  package var strides: [Int]
  package var dilations: [Int]
  package var padding: SpatialPadding
  package var rounding: WindowRounding

  /// Empty strides and dilations stand for 1s. Throws on what is not positive or has the wrong number of axes.
  package init(
    kernel: [Int], strides: [Int], dilations: [Int], padding: SpatialPadding, rounding: WindowRounding = .floor
  ) throws(GraphError) {
    let ones = [Int](repeating: 1, count: kernel.count)
    self.kernel = kernel
    self.strides = strides.isEmpty ? ones : strides
    self.dilations = dilations.isEmpty ? ones : dilations
    self.padding = padding
    self.rounding = rounding
    if case .explicit(let before, let after) = padding {
      if before.isEmpty && after.isEmpty {
        let zeros = [Int](repeating: 0, count: kernel.count)
        self.padding = .explicit(before: zeros, after: zeros)
      } else {
        try requireAttribute(
          before.count == kernel.count && after.count == kernel.count && (before + after).allSatisfy { $0.magnitude < 1 << 31 },
          "bad padding", expected: "two sizes for each of \(kernel.count) axes", found: "\(before), \(after)")
      }
    }
    for (what, values) in [("kernel", self.kernel), ("strides", self.strides), ("dilations", self.dilations)] {
      try requireAttribute(
        values.count == kernel.count && values.allSatisfy { $0 > 0 && $0 < 1 << 31 }, "bad \(what)",
        expected: "\(kernel.count) numbers above 0", found: "\(values)")
    }
  }

  /// The length that the dilated kernel covers on an axis.
  package func extent(_ axis: Int) -> Int { dilations[axis] * (kernel[axis] - 1) + 1 }

  /// Padding before and after each axis of an image of these sizes.
  package func pads(for sizes: [Int]) -> (before: [Int], after: [Int]) {
    let zeros = [Int](repeating: 0, count: sizes.count)
    switch padding {
    case .explicit(let before, let after): return (before, after)
    case .valid: return (zeros, zeros)
    case .sameUpper, .sameLower:
      let total = sizes.indices.map { i in
        max(((sizes[i] + strides[i] - 1) / strides[i] - 1) * strides[i] + extent(i) - sizes[i], 0)
      }
      let small = total.map { $0 / 2 }
      let large = zip(total, small).map { $0 - $1 }
      return padding == .sameUpper ? (small, large) : (large, small)
    }
  }

  /// The number of window positions on each axis: one rule for numbers and for symbols.
  package func resultSizes(for sizes: [Dimension]) throws(GraphError) -> [Dimension] {
    guard sizes.count == kernel.count else {
      throw GraphError(
        .rankMismatch, "the kernel does not fit the image", expected: "\(sizes.count) spatial axes",
        found: "kernel \(kernel)")
    }
    var result: [Dimension] = []
    for i in sizes.indices { result.append(try positions(axis: i, of: sizes[i])) }
    return result
  }

  private func positions(axis i: Int, of size: Dimension) throws(GraphError) -> Dimension {
    let stride = Dimension(strides[i])
    if padding == .sameUpper || padding == .sameLower { return (size + Dimension(strides[i] - 1)) / stride }
    var pad = (before: 0, after: 0)
    if case .explicit(let before, let after) = padding { pad = (before[i], after[i]) }
    let padded = size + Dimension(pad.before) + Dimension(pad.after)
    let extent: Dimension = rounding == .ceilUnbounded ? .min(Dimension(extent(i)), padded) : Dimension(extent(i))
    let last = padded - extent
    if let room = last.value, room < 0, size.value != 0 {
      throw GraphError(
        .shapeMismatch, "the kernel is larger than the padded image on spatial axis \(i)",
        expected: "at most \(padded)", found: "\(extent)")
    }
    var count = (rounding == .floor ? last : last + Dimension(strides[i] - 1)) / stride + 1
    // A last window that begins in the padding after the image does not count; small padding leaves no room for one.
    if rounding == .ceil, pad.after > self.extent(i) - strides[i] {
      let beyond = (count - 1) * stride - size - Dimension(pad.before)
      count = count - .min(.max(beyond + 1, 0), 1)
    }
    return .max(count, 0)
  }

  /// The elements of the kernel that meet an image at one position on an axis; empty if the window lies in the padding.
  package func span(at position: Int, axis i: Int, size: Int, before: Int) -> Range<Int> {
    let start = position * strides[i] - before
    // start + tap * dilation lies in 0 ..< size.
    let first = start >= 0 ? 0 : min((-start + dilations[i] - 1) / dilations[i], kernel[i])
    let end = start >= size ? 0 : min((size - start + dilations[i] - 1) / dilations[i], kernel[i])
    return first..<max(first, end)
  }

  /// For one element of the kernel: the element of an image of `sizes` that it meets at each of `positions`, or -1 in the padding.
  package func taps(
    _ tap: [Int], positions: [Int], sizes: [Int]
  ) throws(GraphError) -> [Int] {
    let before = pads(for: sizes).before
    let memory = rowMajorStrides(sizes)
    var result: [Int] = []
    result.reserveCapacity(try checkedElementCount(positions))
    for index in IndexSequence(positions) {
      var offset = 0
      for i in index.indices {
        let at = index[i] * strides[i] - before[i] + tap[i] * dilations[i]
        if at < 0 || at >= sizes[i] { offset = -1; break }
        offset += at * memory[i]
      }
      result.append(offset)
    }
    return result
  }
}
