import CKernels
import Foundation
import Testing

@Suite struct ChainTests {
  /// `kind` on two operands: registers, or `~j` for operand `j`.
  private func step(
    _ op: ck_step_op, _ kind: Int32, _ type: ck_number, _ operands: [Int32], to target: Int32, result: ck_number? = nil
  ) -> ck_step {
    var step = ck_step()
    (step.op, step.kind, step.type, step.result) = (op, kind, type, result ?? type)
    step.operands = Int32(operands.count)
    step.operand = (operands[0], operands.count > 1 ? operands[1] : 0, operands.count > 2 ? operands[2] : 0)
    step.target = target
    return step
  }

  private func chain(_ types: [ck_number], _ result: ck_number, _ steps: [ck_step]) -> ck_chain {
    var chain = ck_chain()
    (chain.operands, chain.steps, chain.result) = (types.count, steps.count, result)
    withUnsafeMutableBytes(of: &chain.type) {
      $0.bindMemory(to: ck_number.self).baseAddress!.update(from: types, count: types.count)
    }
    withUnsafeMutableBytes(of: &chain.step) {
      $0.bindMemory(to: ck_step.self).baseAddress!.update(from: steps, count: steps.count)
    }
    return chain
  }

  @Test("runs arithmetic, comparison, choice and conversion over operands that broadcast", arguments: Level.all)
  func mixed(level: Level) {
    var numbers = Numbers(seed: 60)
    // y = int64(x * row < column ? exp(x) : x * row)
    let program = chain(
      [CK_F32, CK_F32, CK_F32], CK_I64,
      [
        step(CK_STEP_BINARY, CK_BINARY_MUL.rawValue, CK_F32, [~0, ~1], to: 0),
        step(CK_STEP_COMPARE, CK_LESS.rawValue, CK_F32, [0, ~2], to: 1, result: CK_BOOL),
        step(CK_STEP_UNARY, CK_FUNCTION_EXP.rawValue, CK_F32, [~0], to: 2),
        step(CK_STEP_SELECT, 0, CK_F32, [1, 2, 0], to: 0),
        step(CK_STEP_CAST, 0, CK_F32, [0], to: -1, result: CK_I64),
      ])
    for (rows, n) in [(1, 1), (3, level.lanes + 1), (700, 2), (5, 1500), (2, 4 * level.lanes)] {
      let x = GuardedBuffer(numbers.floats(rows * n, in: -9...9)), row = GuardedBuffer(numbers.floats(n)),
        column = GuardedBuffer(numbers.floats(rows))
      let strides = [n, 1, 0, 1, 1, 0]
      let operands: [UnsafeRawPointer?] = [x.base, row.base, column.base].map { UnsafeRawPointer($0) }
      var first: [Int64] = []
      for threads: Int32 in [1, 3] {
        let y = GuardedBuffer(count: rows * n, repeating: Int64(-1))
        withUnsafePointer(to: program) {
          ck_run_chain(level.isa, $0, 2, [rows, n], operands, strides, y.base, threads)
        }
        for i in 0..<rows * n {
          let product = x.base[i] * row.base[i % n]
          let wanted = Double(product < column.base[i / n] ? exp(x.base[i]) : product)
          // A number next to a whole one may round to either side of it.
          #expect(abs(Double(y.base[i]) - wanted.rounded(.towardZero)) <= (abs(wanted - wanted.rounded()) < 1e-2 ? 1 : 0))
        }
        #expect(y.isIntact)
        if threads == 1 { first = y.elements } else { #expect(y.elements == first) }
      }
    }
  }

  @Test("gives for every number type what single operators give, in place as well", arguments: Level.all)
  func types(level: Level) {
    var numbers = Numbers(seed: 61)
    func check<T: FixedWidthInteger & SignedInteger & BitwiseCopyable>(_: T.Type, _ type: ck_number) {
      let n = 2500
      let a = GuardedBuffer((0..<n).map { _ in T.random(in: -1000...1000, using: &numbers) })
      let b = GuardedBuffer((0..<n).map { _ in T.random(in: -3...3, using: &numbers) })
      let program = chain(
        [type, type], type,
        [
          step(CK_STEP_BINARY, CK_BINARY_MUL.rawValue, type, [~0, ~1], to: 0),
          step(CK_STEP_UNARY, CK_FUNCTION_ABSOLUTE.rawValue, type, [0], to: 0),
          step(CK_STEP_BINARY, CK_BINARY_FLOORDIV.rawValue, type, [0, ~1], to: -1),
        ])
      let wanted = (0..<n).map { i -> T in
        let (p, q) = (abs(a.base[i] &* b.base[i]), b.base[i])
        return q == 0 ? 0 : p / q - (p % q != 0 && q < 0 ? 1 : 0)
      }
      let operands: [UnsafeRawPointer?] = [UnsafeRawPointer(a.base), UnsafeRawPointer(b.base)]
      withUnsafePointer(to: program) { ck_run_chain(level.isa, $0, 1, [n], operands, [1, 1], a.base, 2) }
      #expect(a.elements == wanted && a.isIntact)
    }
    check(Int32.self, CK_I32)
    check(Int64.self, CK_I64)
  }
}

@Suite struct DoubleTests {
  @Test("computes in double precision what Foundation does", arguments: Level.all)
  func functions(level: Level) {
    var numbers = Numbers(seed: 62)
    for n in level.lengths {
      let x = GuardedBuffer((0..<n).map { _ in Double.random(in: 0.1...0.9, using: &numbers) })
      let y = GuardedBuffer((0..<n).map { _ in Double.random(in: -3...3, using: &numbers) })
      for (kind, meaning) in [
        (CK_FUNCTION_EXP, { exp($0) }), (CK_FUNCTION_LOG, { log($0) }), (CK_FUNCTION_SQRT, { $0.squareRoot() }),
        (CK_FUNCTION_SIGMOID, { 1 / (1 + exp(-$0)) }), (CK_FUNCTION_FLOOR, { $0.rounded(.down) }), (CK_FUNCTION_NEGATE, { -$0 }),
        (CK_FUNCTION_ERF, { erf($0) }), (CK_FUNCTION_ASIN, { asin($0) }), (CK_FUNCTION_RECIPROCAL, { 1 / $0 }),
      ] as [(ck_function, (Double) -> Double)] {
        let z = GuardedBuffer(count: n, repeating: 0.0)
        ck_f64_unary(level.isa, kind, 0, 0, n, x.base, z.base, 1)
        #expect(zip(z.elements, x.elements).allSatisfy { abs($0 - meaning($1)) <= 1e-15 * max(1, abs($0)) } && z.isIntact)
      }
      for (kind, meaning) in [
        (CK_BINARY_ADD, { $0 + $1 }), (CK_BINARY_DIV, { $0 / $1 }), (CK_BINARY_POW, { pow($0, $1) }),
        (CK_BINARY_MAX, { Swift.max($0, $1) }), (CK_BINARY_FLOORDIV, { ($0 / $1).rounded(.down) }),
      ] as [(ck_binary_kind, (Double, Double) -> Double)] {
        let z = GuardedBuffer(count: n, repeating: 0.0)
        ck_f64_binary(level.isa, kind, 1, [n], x.base, [1], y.base, [1], z.base, 2)
        #expect(zip(z.elements, zip(x.elements, y.elements)).allSatisfy { $0 == meaning($1.0, $1.1) } && z.isIntact)
      }
      let less = GuardedBuffer(count: n, repeating: UInt8(9))
      ck_f64_compare(level.isa, CK_LESS, 1, [n], x.base, [1], y.base, [1], less.base, 1)
      #expect(zip(less.elements, zip(x.elements, y.elements)).allSatisfy { $0 == ($1.0 < $1.1 ? 1 : 0) } && less.isIntact)
    }
    for kind in [CK_BINARY_MIN, CK_BINARY_MAX] {
      var y = [0.0, 0]
      ck_f64_binary(level.isa, kind, 1, [2], [.nan, 1], [1], [1, .nan], [1], &y, 1)
      #expect(y[0].isNaN && y[1].isNaN)
    }
  }
}
