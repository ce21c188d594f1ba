import MNNGraph

extension Rule {
  /// `Quantize(Dequantize(a) + Dequantize(b)) -> FromByteImage(ByteAdd(ToByteImage(a), ToByteImage(b)))`, where one is an image.
  static let quantizeSum = Rule("cpu-quantize-sum", on: QuantizeLinear.self) { op, node, graph throws(GraphError) in
    guard var result = QuantizedResult(op, node, in: graph),
      let (sum, producer) = graph.soleProducer(of: node.inputs[0], as: Binary.self), sum.function == .add,
      result.clamp(sum.activation), let a = DequantizedValue(producer.inputs[0], in: graph),
      let b = DequantizedValue(producer.inputs[1], in: graph), a.sizes == b.sizes, a.isImage,
      [a, b].contains(where: { graph.producer(of: $0.bytes, as: FromByteImage.self) != nil })
    else { return nil }
    let add = ByteAdd(a: a.quantization, b: b.quantization, result: result.quantization, range: result.range)
    let from = FromByteImage(channels: a.sizes[1], rank: a.sizes.count, isSigned: result.isSigned)
    return GraphPatch(replacing: node) { builder throws(GraphError) in
      let images = [try builder.add(ToByteImage(), a.bytes), try builder.add(ToByteImage(), b.bytes)]
      return [try builder.add(from, builder.add(results: add, images, name: producer.name)[0])]
    }
  }

  /// `Quantize(mean of all pixels of Dequantize(x)) -> FromByteImage(ByteMean(ToByteImage(x)))`, where `x` is an image.
  static let quantizeMean = Rule("cpu-quantize-mean", on: QuantizeLinear.self) { op, node, graph throws(GraphError) in
    guard let result = QuantizedResult(op, node, in: graph),
      let (reduce, producer) = graph.soleProducer(of: node.inputs[0], as: Reduce.self), reduce.function == .mean,
      let x = DequantizedValue(producer.inputs[0], in: graph), x.isImage, x.sizes.count > 2,
      graph.producer(of: x.bytes, as: FromByteImage.self) != nil, let operands = graph.operands(of: producer),
      let axes = try? reduce.axes(operands), axes == Array(2..<x.sizes.count), x.sizes[2...].reduce(1, &*) < 1 << 23
    else { return nil }
    let mean = ByteMean(x: x.quantization, result: result.quantization, range: result.range)
    let from = FromByteImage(
      channels: x.sizes[1], rank: reduce.keepsDimensions ? x.sizes.count : 2, isSigned: result.isSigned)
    return GraphPatch(replacing: node) { builder throws(GraphError) in
      let image = try builder.add(ToByteImage(), x.bytes)
      return [try builder.add(from, builder.add(results: mean, [image], name: producer.name)[0])]
    }
  }

  /// What only changes a shape does so to bytes: `Quantize(reshape(Dequantize(x))) -> reshape(x)`, quantized alike.
  static let reshapeBytes = Rule("cpu-reshape-bytes", on: QuantizeLinear.self) { op, node, graph throws(GraphError) in
    guard op.range == nil, let result = QuantizedResult(op, node, in: graph), let producer = graph.producer(of: node.inputs[0]),
      producer.op is Flatten || producer.op is Reshape || producer.op is Squeeze || producer.op is Unsqueeze,
      let x = DequantizedValue(producer.inputs[0], in: graph), x.quantization == result.quantization,
      graph[x.bytes].type?.dtype == graph[node.results[0]].type?.dtype
    else { return nil }
    let inputs = [x.bytes] + producer.inputs.dropFirst()
    return GraphPatch(replacing: node) { builder throws(GraphError) in
      try builder.add(results: producer.op, inputs, name: producer.name)
    }
  }

  /// An image that is made again was there: `ToByteImage(FromByteImage(x)) -> x`, also where single pixels lose their axes between.
  static let cancelByteImage = Rule("cpu-cancel-byte-image", on: ToByteImage.self) { op, node, graph throws(GraphError) in
    var id = node.inputs[0]
    if let flatten = graph.producer(of: id), flatten.op is Flatten || flatten.op is Reshape || flatten.op is Squeeze,
      graph[flatten.results[0]].type?.shape.rank == 2
    {
      id = flatten.inputs[0]
    }
    guard let (_, producer) = graph.producer(of: id, as: FromByteImage.self), let x = producer.inputs[0],
      let type = graph[x].type, type == graph[node.results[0]].type, id == node.inputs[0] || type.shape.isPixels
    else { return nil }
    return GraphPatch(replacing: node, with: x)
  }

  /// `ToByteImage(Quantize(x)) -> QuantizeImage(x)`.
  static let quantizeImage = Rule("cpu-quantize-image", on: ToByteImage.self) { _, node, graph throws(GraphError) in
    guard let (op, producer) = graph.producer(of: node.inputs[0], as: QuantizeLinear.self),
      let result = QuantizedResult(op, producer, in: graph)
    else { return nil }
    return GraphPatch(replacing: node) { builder throws(GraphError) in
      let quantize = QuantizeImage(quantization: result.quantization, range: result.range)
      return [try builder.add(quantize, producer.inputs[0], name: producer.name)]
    }
  }

  /// `Dequantize(FromByteImage(x)) -> DequantizeImage(x)`.
  static let dequantizeImage = Rule("cpu-dequantize-image", on: DequantizeLinear.self) { _, node, graph throws(GraphError) in
    guard let value = DequantizedValue(node.results[0], in: graph),
      let (from, producer) = graph.producer(of: value.bytes, as: FromByteImage.self)
    else { return nil }
    return GraphPatch(replacing: node) { builder throws(GraphError) in
      let dequantize = DequantizeImage(quantization: value.quantization, channels: from.channels, rank: from.rank)
      return [try builder.add(dequantize, producer.inputs[0], name: node.name)]
    }
  }
}

extension Shape {
  /// True of images that have one pixel each.
  fileprivate var isPixels: Bool { rank == 4 && self[1] == 1 && self[2] == 1 }
}
