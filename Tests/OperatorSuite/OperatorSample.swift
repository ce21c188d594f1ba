package import MNNGraph
import TestSupport

/// A graph of one operator, its inputs, and what the reference makes of them.
package struct OperatorSample: Sendable {
  package let op: any Operator
  package let graph: Graph
  package let inputs: [Tensor]
  /// Nil if the operator refuses the inputs' contents, as an index out of range.
  package let expected: [Tensor]?

  /// How far a backend's result may lie from the reference, as a share of its largest magnitude.
  package var tolerance: Double {
    var limit = 0.0
    for id in graph.inputs + graph.outputs {
      switch graph[id].type?.dtype {
      case .float32, .float64: limit = max(limit, 2e-5)
      case .float16: limit = max(limit, 2e-3)
      case .bfloat16: limit = max(limit, 2e-2)
      default: break
      }
    }
    return limit
  }
}

extension OperatorCase {
  /// Types that stand in for float32 in turn.
  package static let elementTypes: [DType] = [
    .float64, .float16, .bfloat16, .int8, .uint8, .int16, .uint16, .int32, .uint32, .int64, .uint64, .bool,
  ]

  /// A sample, or nil if the operands do not fit the operator.
  ///
  /// - Parameter dtype: what float32 operands are made of instead.
  package func sample(_ random: inout CaseRandom, dtype: DType? = nil) throws -> OperatorSample? {
    var (op, operands) = try make(&random)
    if let dtype {
      guard operands.contains(where: { $0?.type.dtype == .float32 }) else { return nil }
      for i in operands.indices where operands[i]?.type.dtype == .float32 {
        if let constant = operands[i]?.constant {
          operands[i] = Operand(try constant.converted(to: dtype))
        } else {
          operands[i]?.type.dtype = dtype
        }
      }
    }
    guard (try? op.resultTypes(for: Operands(operands))) != nil || name.isEmpty || isDataDependent else { return nil }
    // Integers may be positions: the widest range in which the reference takes them.
    var refused: OperatorSample?
    for limit in [4, 1, 0] {
      guard let sample = try filled(op, operands, integers: 0...Int64(limit), &random) else { return nil }
      if sample.expected != nil { return sample }
      refused = refused ?? sample
    }
    return refused
  }

  private var isDataDependent: Bool { Self.dataDependent.contains { $0.name == name } }

  private func filled(
    _ op: any Operator, _ operands: [Operand?], integers: ClosedRange<Int64>, _ random: inout CaseRandom
  ) throws -> OperatorSample? {
    var sample = Sample()
    var numbers = RandomNumbers(seed: random.next())
    var ids: [Value.ID?] = []
    for operand in operands {
      guard let operand else {
        ids.append(nil)
        continue
      }
      if let constant = operand.constant {
        ids.append(sample.constant(constant))
        continue
      }
      let shape = try operand.type.shape.concreteSizes()
      let dtype = operand.type.dtype
      let values = dtype.isFloatingPoint ? try numbers.floats(shape) : try numbers.integers(shape, in: integers)
      ids.append(sample.input(try values.converted(to: dtype)))
    }
    guard let results = try? sample.graph.append(op, ids, name: "node") else { return nil }
    sample.graph.setOutputs(results)
    let expected = try? Interpreter().run(sample.graph, sample.inputs)
    return OperatorSample(op: op, graph: sample.graph, inputs: sample.inputs, expected: expected)
  }
}
