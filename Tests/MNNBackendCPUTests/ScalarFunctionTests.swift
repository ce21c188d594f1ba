import CKernels
import MNNBackendCPU
import MNNGraph
import MNNKernels
import TestSupport
import Testing

/// One table in MNNGraph, one in CKernels: they name the same functions, and mean the same.
@Suite("functions of one number")
struct ScalarFunctionTests {
  static let functions =
    ScalarFunction.Kind.allCases.map { kind in
      ScalarFunction(kind, kind.parameters.isEmpty ? 0 : 0.5, kind.parameters.count > 1 ? 1.25 : 0)
    } + [.clip(minimum: 2, maximum: -1), .clip(minimum: -.infinity, maximum: .infinity)]

  /// What CKernels has no row for, with the reason.
  static let withoutKernel: [ScalarFunction.Kind: String] = [
    .bitwiseNot: "has no meaning for floats", .isNaN: "a comparison", .not: "a comparison",
    .scaledTanh: "only in recurrent cells, which refuse it",
    .swish: "written as a product by the converter; silu is its common case",
  ]

  @Test("have a kernel each, or a reason")
  func rows() {
    for kind in ScalarFunction.Kind.allCases {
      #expect((ScalarFunction(kind).kernel == nil) == (Self.withoutKernel[kind] != nil), "\(kind)")
    }
    let names = Set(ScalarFunction.Kind.allCases.map(\.name))
    for i in 0..<CK_FUNCTION_COUNT.rawValue {
      let name = String(cString: ck_function_name(ck_function(rawValue: i)))
      #expect(names.contains(name), "CKernels' \(name)")
    }
  }

  @Test("are fusable if layers may apply them")
  func fusable() {
    for kind in ScalarFunction.Kind.allCases { #expect(ScalarFunction(kind).isFusable == kind.isActivation, "\(kind)") }
  }

  @Test("agree with their meaning at every level and in every type", arguments: levels)
  func meaning(level: String) throws {
    var random = RandomNumbers(seed: 41)
    for function in Self.functions {
      let domain = function.kind.domain
      let (low, high) = (max(-4, domain.lowerBound), min(4, domain.upperBound))
      for dtype in [DType.float32, .float64, .int32, .int64] {
        if dtype.isInteger, function.ofIntegers == nil { continue }
        for count in [0, 1, 15, 16, 17, 67] {
          var values = (0..<count).map { _ in Double.random(in: low...high, using: &random) }
          if count > 2, !dtype.isInteger { values.replaceSubrange(0..<2, with: [.nan, low]) }
          var sample = Sample()
          sample.graph.setOutputs([
            try sample.add(Unary(function), sample.input(Tensor(shape: [count], scalars: values).converted(to: dtype)))
          ])
          let (error, fallbacks) = try sample.difference(level: level)
          #expect(error < (dtype == .float64 ? 1e-12 : 2e-6), "\(function) of \(count) \(dtype) at \(level)")
          #expect(fallbacks.isEmpty || Self.withoutKernel[function.kind] != nil, "\(function) of \(dtype): \(fallbacks)")
        }
      }
    }
  }

  @Test("give NaN for NaN if they say so")
  func notANumber() {
    for function in Self.functions {
      #expect(function(.nan).isNaN == function.kind.propagatesNaN, "\(function)")
      for x in [function.kind.domain.lowerBound.nextDown, function.kind.domain.upperBound.nextUp] where x.isFinite {
        #expect(function(x).isNaN, "\(function) of \(x)")
      }
    }
  }

  @Test("let the upper bound hold where bounds are the wrong way round, as in ONNX")
  func boundsTheWrongWayRound() {
    for x in [-3.0, 0, 1.5, 7] { #expect(ScalarFunction.clip(minimum: 2, maximum: -1)(x) == -1) }
  }

  @Test("keep their parameters in files")
  func coding() throws {
    for function in Self.functions {
      #expect(try JSONCoding.roundTrip(function) == function)
    }
    #expect(throws: (any Error).self) { try JSONCoding.decode(ScalarFunction.self, #""sinus""#) }
    #expect(throws: (any Error).self) { try JSONCoding.decode(ScalarFunction.self, #"{"name": "elu", "parameters": []}"#) }
  }
}
