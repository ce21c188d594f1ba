import MNNGraph

extension OperatorCase {
  static let layout: [OperatorCase] = [
    OperatorCase("Slice") { r in
      let rank = r.number(1...4)
      let axes = r.axes(rank)
      let ends = [-9, -4, -3, -2, -1, 0, 1, 2, 3, 4, 9, Int(Int32.max), Int(Int64.max), Int(Int32.min), Int(Int64.min)]
      return (
        Slice(),
        [
          x(r.sizes(rank, 0...9)), try c(axes.map { _ in r.one(of: ends) }), try c(axes.map { _ in r.one(of: ends) }),
          try c(axes),
          r.flag() ? try c(axes.map { _ in r.one(of: [-3, -2, -1, 1, 1, 1, 2, 3]) }) : nil,
        ]
      )
    },
    OperatorCase("SliceOfLength") { r in
      let sizes = r.sizes(3)
      let begin = sizes.map { r.number(0...$0) }
      return (SliceOfLength(), [x(sizes), try c(begin), try c(zip(sizes, begin).map { r.flag() ? -1 : r.number(0...$0 - $1) })])
    },
    OperatorCase("Pad") { r in
      let rank = r.number(1...4)
      let pads = r.numbers(2 * rank, -2...3)
      return (Pad(mode: r.one(of: Pad.Mode.allCases)), [x(r.sizes(rank)), try c(pads)])
    },
    OperatorCase("Concat") { r in
      let rank = r.number(1...4)
      let axis = r.axis(rank)
      let sizes = r.sizes(rank)
      let parts = (0..<r.number(1...4)).map { _ in
        var part = sizes
        part[axis < 0 ? axis + rank : axis] = r.number(0...5)
        return x(part)
      }
      return (Concat(axis: axis), parts)
    },
    OperatorCase("Split") { r in
      let rank = r.number(1...3)
      let axis = r.axis(rank)
      let place = axis < 0 ? axis + rank : axis
      var sizes = r.sizes(rank)
      let count = r.number(1...3)
      if r.flag() { return (Split(axis: axis, count: count), [x(sizes)]) }
      let parts = r.numbers(count, 0...4)
      sizes[place] = parts.reduce(0, +)
      return (Split(axis: axis, count: count), [x(sizes), try c(parts)])
    },
    OperatorCase("Reshape") { r in
      let sizes = r.sizes(r.number(1...4), 1...6)
      let target = r.one(of: [
        [-1], [sizes.reduce(1, *)], [0, -1], [sizes[0], -1], [-1, sizes[sizes.count - 1]], sizes.map { _ in 0 }, [1, 0, -1],
        [-1, 2], [0, -1, 3],
      ])
      return (Reshape(allowsZero: false), [x(sizes), try c(target)])
    },
    OperatorCase("Flatten") { r in
      let rank = r.number(1...4)
      return (Flatten(axis: r.number(-rank...rank)), [x(r.sizes(rank))])
    },
    OperatorCase("Squeeze") { r in
      var sizes = r.sizes(3)
      let axes = r.axes(3)
      for axis in axes { sizes[axis] = 1 }
      return (Squeeze(), [x(sizes), try c(axes)])
    },
    OperatorCase("Unsqueeze") { r in
      let rank = r.number(0...3)
      return (Unsqueeze(), [x(r.sizes(rank)), try c(r.axes(rank + 2))])
    },
    OperatorCase("Transpose") { r in
      let rank = r.number(1...4)
      return (Transpose(permutation: Array(0..<rank).shuffled(using: &r)), [x(r.sizes(rank))])
    },
    OperatorCase("Expand") { r in
      let (a, b) = r.broadcasting()
      return (Expand(), [x(a), try c(b)])
    },
    OperatorCase("Tile") { r in
      let rank = r.number(1...3)
      return (Tile(), [x(r.sizes(rank)), try c(r.numbers(rank, 0...3))])
    },
    OperatorCase("Fill") { r in (Fill(), [x([]), try c(r.sizes(3))]) },
    OperatorCase("Arange") { r in (Arange(), [try c(0), try c(r.number(0...9)), try c(r.number(1...3))]) },
    OperatorCase("ShapeOf") { r in
      let rank = r.number(1...4)
      return (ShapeOf(start: r.number(-rank...rank), end: r.flag() ? r.number(-rank...rank) : nil), [x(r.sizes(rank))])
    },
    OperatorCase("SizeOf") { r in (SizeOf(), [x(r.sizes(3))]) },
    OperatorCase("RankOf") { r in (RankOf(), [x(r.sizes(3))]) },
    OperatorCase("DepthToSpace") { r in
      let block = r.number(1...3)
      return (DepthToSpace(blockSize: block), [x([r.number(1...3), block * block * r.number(1...3)] + r.sizes(2))])
    },
    OperatorCase("SpaceToDepth") { r in
      let block = r.number(1...3)
      return (SpaceToDepth(blockSize: block), [x(r.sizes(2) + r.sizes(2).map { $0 * block })])
    },
    OperatorCase("CenterCropPad") { r in
      let axes = r.axes(3)
      return (CenterCropPad(axes: axes), [x(r.sizes(3)), try c(axes.map { _ in r.number(1...9) })])
    },
    OperatorCase("Resize") { r in
      let sizes = r.sizes(4)
      let op = Resize(
        .linear, axes: [2, 3], aspectRatio: r.one(of: [.stretch, .stretch, .notLarger, .notSmaller]))
      if r.flag() { return (op, [x(sizes), nil, nil, try c(r.sizes(2))]) }
      return (op, [x(sizes), nil, try c((0..<2).map { _ in r.one(of: [0.25, 0.5, 1, 2, 3, 1.5, 1 / 3]) as Float })])
    },
    OperatorCase("Gather") { r in
      let rank = r.number(1...3)
      return (Gather(axis: r.axis(rank)), [x(r.sizes(rank)), x(r.sizes(r.number(0...2)), .int64)])
    },
    OperatorCase("GatherAlongAxis") { r in
      let rank = r.number(1...3)
      return (GatherAlongAxis(), [x(r.sizes(rank)), x(r.sizes(r.number(0...2)), .int64), try c(r.axis(rank))])
    },
    OperatorCase("GatherElements") { r in
      let sizes = r.sizes(3)
      return (GatherElements(axis: r.axis(3)), [x(sizes), x(sizes.map { r.number(1...$0) }, .int64)])
    },
    OperatorCase("GatherND") { r in
      let sizes = r.sizes(4)
      let batch = r.number(0...1)
      return (
        GatherND(batchAxes: batch),
        [x(sizes), Operand(TensorType(.int64, Shape(Array(sizes[..<batch]) + r.sizes(1) + [r.number(1...3)])))]
      )
    },
    OperatorCase("ScatterElements") { r in
      let sizes = r.sizes(3)
      let part = sizes.map { r.number(1...$0) }
      return (ScatterElements(axis: r.axis(3)), [x(sizes), x(part, .int64), x(part)])
    },
    OperatorCase("ScatterND") { r in
      let sizes = r.sizes(3)
      let (rows, k) = (r.number(1...5), r.number(1...3))
      return (ScatterND(), [x(sizes), x([rows, k], .int64), x([rows] + sizes[k...])])
    },
    OperatorCase("TensorScatter") { r in
      let sizes = r.sizes(3)
      return (
        TensorScatter(), [x(sizes), x([sizes[0], r.number(1...sizes[1]), sizes[2]]), r.flag() ? x([sizes[0]], .int64) : nil]
      )
    },
    OperatorCase("ReverseSequence") { r in
      let sizes = r.sizes(3)
      return (ReverseSequence(), [x(sizes), x([sizes[1]], .int64)])
    },
    OperatorCase("OneHot") { r in
      let rank = r.number(1...3)
      return (OneHot(axis: r.number(-rank - 1...rank)), [x(r.sizes(rank), .int64), try c(r.number(1...9)), x([2])])
    },
    OperatorCase("TopK") { r in
      let sizes = r.sizes(3)
      let axis = r.axis(3)
      return (TopK(axis: axis), [x(sizes), try c(r.number(0...sizes[axis < 0 ? axis + 3 : axis]))])
    },
  ]
}
