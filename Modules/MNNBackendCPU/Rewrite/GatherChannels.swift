import MNNGraph

extension Rule {
  /// Channels are moved between blocked tensors, not through plain ones:
  ///
  ///     ToBlocked(moves of channels(FromBlocked(x), FromBlocked(y))) -> BlockedGather(x, y)
  ///
  /// Moves are concatenations, slices, splits and transpositions of channels, and reshapes that only cut the channels' axis.
  static let gatherChannels = Rule("cpu-gather-channels", on: ToBlocked.self) { op, node, graph throws(GraphError) in
    guard !op.channelsLast, let input = node.inputs[0], graph.producer(of: input, as: FromBlocked.self) == nil,
      let moved = MovedChannels(of: input, in: graph), moved.axes.count == 1
    else { return nil }
    let tensors = moved.tensors
    guard let first = graph[tensors.first]?.type?.shape.sizes,
      tensors.allSatisfy({ id in
        graph[id].type?.shape.sizes.map { $0.count == 5 && $0[0] == first[0] && $0[2...] == first[2...] } ?? false
      }), first[4] == op.block
    else { return nil }
    let gather = BlockedGather(channels: moved.channels, sources: moved.sources)
    return GraphPatch(replacing: node) { builder throws(GraphError) in
      try builder.add(results: gather, tensors, name: node.name)
    }
  }
}

/// A plain tensor `[N, channels…, H, W]` as a list of channels of blocked tensors.
private struct MovedChannels {
  var tensors: [Value.ID] = []
  /// Channels of each tensor.
  var channels: [Int] = []
  var sources: [BlockedGather.Source] = []
  /// The sizes of the axes into which the channels are cut.
  var axes: [Int] = []

  /// nil if anything but channels moves.
  init?(of id: Value.ID, in graph: Graph, depth: Int = 0) {
    // Far more than any shuffle has; moves of moves grow with every level.
    guard depth < 8, let type = graph[id].type, type.dtype == .float32, let sizes = type.shape.sizes, sizes.count >= 4,
      let node = graph.producer(of: id), let result = node.results.firstIndex(of: id)
    else { return nil }
    func moved(_ input: Value.ID?) -> MovedChannels? { input.flatMap { MovedChannels(of: $0, in: graph, depth: depth + 1) } }
    switch node.op {
    case let op as FromBlocked:
      guard !op.channelsLast, op.rank == 4, let x = node.inputs[0] else { return nil }
      if let (concat, producer) = graph.producer(of: x, as: BlockedConcat.self) {
        for (input, count) in zip(producer.inputs, concat.channels) {
          guard let input else { return nil }
          append(input, channels: count)
        }
      } else {
        append(x, channels: op.channels)
      }
      axes = [sources.count]
    case let op as Concat:
      guard op.axis == 1 || op.axis == 1 - sizes.count, sizes.count == 4 else { return nil }
      for input in node.inputs {
        guard let part = moved(input) else { return nil }
        append(part)
      }
      axes = [sources.count]
    case is Reshape:
      guard let part = moved(node.inputs[0]), let from = graph[node.inputs[0]]?.type?.shape.sizes, from[0] == sizes[0],
        from.suffix(2) == sizes.suffix(2)
      else { return nil }
      self = part
      axes = Array(sizes[1..<sizes.count - 2])
    case let op as Transpose:
      let last = op.permutation.count - 1
      guard let part = moved(node.inputs[0]), last >= 3, op.permutation[0] == 0, op.permutation.suffix(2) == [last - 1, last]
      else {
        return nil
      }
      self = part
      transpose(op.permutation[1..<last - 1].map { $0 - 1 })
    case is Slice:
      guard let part = moved(node.inputs[0]), let range = graph.channelRange(ofSlice: node), range.count == sizes[1] else {
        return nil
      }
      self = part
      keep(range)
    case let op as Split:
      guard let part = moved(node.inputs[0]), op.axis == 1 || op.axis == 1 - sizes.count else { return nil }
      var start = 0
      for other in node.results[..<result] {
        guard let count = graph[other].type?.shape.sizes?[1] else { return nil }
        start += count
      }
      self = part
      keep(start..<start + sizes[1])
    default: return nil
    }
    guard axes.reduce(1, &*) == sources.count, !sources.isEmpty else { return nil }
  }

  private mutating func append(_ id: Value.ID, channels count: Int) {
    let tensor = index(of: id, channels: count)
    sources += (0..<count).map { BlockedGather.Source(tensor: tensor, channel: $0) }
  }

  private mutating func append(_ part: MovedChannels) {
    let places = zip(part.tensors, part.channels).map { index(of: $0, channels: $1) }
    sources += part.sources.map { BlockedGather.Source(tensor: places[$0.tensor], channel: $0.channel) }
  }

  private mutating func index(of id: Value.ID, channels count: Int) -> Int {
    if let known = tensors.firstIndex(of: id) { return known }
    tensors.append(id)
    channels.append(count)
    return tensors.count - 1
  }

  private mutating func keep(_ range: Range<Int>) {
    guard axes.count == 1, range.upperBound <= sources.count else {
      sources = []
      return
    }
    sources = Array(sources[range])
    axes = [range.count]
    let used = Set(sources.map(\.tensor)).sorted()
    let places = Dictionary(uniqueKeysWithValues: zip(used, used.indices))
    sources = sources.map { BlockedGather.Source(tensor: places[$0.tensor] ?? 0, channel: $0.channel) }
    tensors = used.map { tensors[$0] }
    channels = used.map { channels[$0] }
  }

  private mutating func transpose(_ permutation: [Int]) {
    guard permutation.count == axes.count else {
      sources = []
      return
    }
    var strides = [Int](repeating: 1, count: axes.count)
    for i in axes.indices.dropLast().reversed() { strides[i] = strides[i + 1] * axes[i + 1] }
    var places = [0]
    for axis in permutation { places = places.flatMap { place in (0..<axes[axis]).map { place + $0 * strides[axis] } } }
    sources = places.map { sources[$0] }
    axes = permutation.map { axes[$0] }
  }
}

extension Graph {
  /// The channels that a slice takes if it takes some of the channels, in order, and all of everything else.
  fileprivate func channelRange(ofSlice node: Node) -> Range<Int>? {
    let constants = node.inputs.dropFirst().map { (try? constant($0)?.scalars(as: Int64.self)) ?? nil }
    guard constants.count >= 2, let starts = constants[0], let ends = constants[1], starts.count == 1, ends.count == 1,
      let sizes = self[node.inputs[0]]?.type?.shape.sizes, sizes.count == 4, constants.count >= 3, let axes = constants[2],
      axes == [1] || axes == [-3], constants.count < 4 || node.inputs[4] == nil || constants[3] == [1]
    else { return nil }
    let count = Int64(sizes[1])
    func place(_ index: Int64) -> Int { Int(min(max(index < 0 ? index + count : index, 0), count)) }
    let (start, end) = (place(max(starts[0], -count)), place(max(ends[0], -count)))
    return start < end ? start..<end : nil
  }
}
