/// Nested loops over several arrays: a size per loop, and per array a stride for each loop, in elements.
package struct LoopNest: Hashable, Sendable {
  package var sizes: [Int]
  /// One list per array.
  package var strides: [[Int]]

  /// The loops as few as they can be: loops of one step are dropped, neighbors that continue each other joined.
  package init(sizes: [Int], strides: [[Int]]) {
    self.sizes = []
    self.strides = strides.map { _ in [] }
    for (axis, size) in sizes.enumerated() where size != 1 {
      let steps = strides.map { $0[axis] }
      if let last = self.sizes.last, zip(self.strides, steps).allSatisfy({ $0.last == $1 &* size }) {
        self.sizes[self.sizes.count - 1] = last &* size
        for i in steps.indices { self.strides[i][self.strides[i].count - 1] = steps[i] }
      } else {
        self.sizes.append(size)
        for i in steps.indices { self.strides[i].append(steps[i]) }
      }
    }
  }

  /// Loops over a row-major result of `shape` and over operands that broadcast to it.
  package init(broadcasting operands: [[Int]], to shape: [Int]) {
    self.init(sizes: shape, strides: operands.map { broadcastStrides(of: $0, to: shape) })
  }

  package var rank: Int { sizes.count }
}

/// Row-major strides of `sizes`, 0 where an axis is repeated to make `shape`.
package func broadcastStrides(of sizes: [Int], to shape: [Int]) -> [Int] {
  let lead = shape.count - sizes.count
  var result = [Int](repeating: 0, count: shape.count)
  var step = 1
  for axis in sizes.indices.reversed() where axis + lead >= 0 {
    if sizes[axis] != 1 { result[axis + lead] = step }
    step = step &* max(sizes[axis], 1)
  }
  return result
}

/// All the ways in which sizes of `count` elements can be wrong were checked when the types were inferred.
package func elementCount(_ sizes: [Int]) -> Int { sizes.reduce(1, &*) }
