import MNNGraph
import MNNKernels

/// How two operands meet: the shape of the result, and loops with a stride per operand.
struct BroadcastPlan {
  let shape: [Int]
  /// Joined loops, outermost first; at least one.
  private(set) var sizes: [Int] = []
  private(set) var leftStrides: [Int] = []
  private(set) var rightStrides: [Int] = []

  init(_ left: [Int], _ right: [Int]) throws(GraphError) {
    if left == right {
      shape = left
      let count = left.reduce(1, *)
      sizes = [count]
      leftStrides = [1]
      rightStrides = [1]
      return
    }
    shape = try broadcastSizes(left, right)
    let x = broadcastStrides(left, to: shape)
    let y = broadcastStrides(right, to: shape)
    for axis in shape.indices where shape[axis] != 1 {
      if let last = sizes.indices.last, leftStrides[last] == x[axis] * shape[axis],
        rightStrides[last] == y[axis] * shape[axis]
      {
        sizes[last] *= shape[axis]
        leftStrides[last] = x[axis]
        rightStrides[last] = y[axis]
      } else {
        sizes.append(shape[axis])
        leftStrides.append(x[axis])
        rightStrides.append(y[axis])
      }
    }
    if sizes.isEmpty {
      sizes = [1]
      leftStrides = [1]
      rightStrides = [1]
    }
  }

  /// Calls `body` with the offsets of every innermost run, in the order of the result.
  @inline(__always)
  func forEachRun(_ body: (_ left: Int, _ right: Int, _ target: Int) -> Void) {
    guard !sizes.contains(0) else { return }
    if sizes.count == 1 { return body(0, 0, 0) }
    let loops = sizes.count - 1
    let run = sizes[loops]
    var index = [Int](repeating: 0, count: loops)
    var (left, right, target) = (0, 0, 0)
    while true {
      body(left, right, target)
      target += run
      var axis = loops - 1
      while axis >= 0 {
        index[axis] += 1
        left += leftStrides[axis]
        right += rightStrides[axis]
        if index[axis] < sizes[axis] { break }
        left -= leftStrides[axis] * sizes[axis]
        right -= rightStrides[axis] * sizes[axis]
        index[axis] = 0
        axis -= 1
      }
      if axis < 0 { return }
    }
  }

  /// Length and strides of the innermost run.
  var run: (count: Int, left: Int, right: Int) {
    let last = sizes.count - 1
    return (sizes[last], leftStrides[last], rightStrides[last])
  }
}

/// The shape that all broadcast to.
func broadcastSizes(_ shapes: [[Int]]) throws(GraphError) -> [Int] {
  var result: [Int] = []
  for shape in shapes { result = try broadcastSizes(result, shape) }
  return result
}

/// Row-major strides of `sizes`, 0 where an axis is repeated to make `shape`.
func broadcastStrides(_ sizes: [Int], to shape: [Int]) -> [Int] {
  let lead = shape.count - sizes.count
  var result = [Int](repeating: 0, count: shape.count)
  var step = 1
  for axis in sizes.indices.reversed() where axis + lead >= 0 {
    if sizes[axis] != 1 { result[axis + lead] = step }
    step *= max(sizes[axis], 1)
  }
  return result
}

/// `f` of every pair of elements, with broadcasting.
@inline(__always)
func zipped<T: TensorScalar, R: TensorScalar>(
  _ a: Tensor, _ b: Tensor, _: T.Type, to _: R.Type, _ f: (T, T) -> R
) throws(GraphError) -> Tensor {
  let plan = try BroadcastPlan(a.shape, b.shape)
  let (count, xStep, yStep) = plan.run
  return try makeTensor(plan.shape, of: R.self) { z in
    a.read(T.self) { x in
      b.read(T.self) { y in
        plan.forEachRun { left, right, target in
          let (x, y, z) = (x + left, y + right, z + target)
          if xStep == 1, yStep == 1 {
            for i in 0..<count { z[i] = f(x[i], y[i]) }
          } else if yStep == 0, xStep == 1 {
            let c = y[0]
            for i in 0..<count { z[i] = f(x[i], c) }
          } else if xStep == 0, yStep == 1 {
            let c = x[0]
            for i in 0..<count { z[i] = f(c, y[i]) }
          } else {
            for i in 0..<count { z[i] = f(x[i * xStep], y[i * yStep]) }
          }
        }
      }
    }
  }
}
