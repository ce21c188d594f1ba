/// The length of an axis: a number, or an expression over named symbols such as `batch` or `4*seq + 1`.
///
/// Expressions are kept in normal form (a sum of products of symbols, quotients and maxima), so expressions that the normal form
/// makes the same compare equal. They are shared and bounded: one that would grow large becomes a symbol without a name that equals
/// only itself, so that a long chain of operators costs no more per link than a short one. Symbols are lengths: at least 0.
/// Arithmetic that overflows gives a dimension that is not a number and has no value.
public struct Dimension: Hashable, Sendable, ExpressibleByIntegerLiteral {
  enum Form: Hashable, Sendable {
    case number(Int)
    case expression(Expression)
    case overflow
  }

  let form: Form

  init(form: Form) { self.form = form }

  public init(_ value: Int) { form = .number(value) }
  public init(integerLiteral value: Int) { form = .number(value) }

  /// A length that is known only by name.
  public static func symbol(_ name: String) -> Dimension {
    Dimension(sum: [Term(factors: [.symbol(name)], coefficient: 1)])
  }

  /// The length, if it is a number.
  // Inlined into the condition of a `guard`, it makes the optimizer of Swift 6.3.1 crash (CopyPropagation).
  @inline(never)
  public var value: Int? {
    if case .number(let value) = form { value } else { nil }
  }

  /// The name, if it is exactly one symbol.
  public var symbolName: String? {
    guard case .expression(let e) = form, e.terms.count == 1, e.terms[0].coefficient == 1, e.terms[0].factors.count == 1,
      case .symbol(let name) = e.terms[0].factors[0]
    else { return nil }
    return name
  }

  private static let overflow = Dimension(form: .overflow)

  public static func + (a: Dimension, b: Dimension) -> Dimension {
    if case .number(let x) = a.form, case .number(let y) = b.form {
      let (sum, overflow) = x.addingReportingOverflow(y)
      return overflow ? .overflow : Dimension(sum)
    }
    guard let p = a.terms, let q = b.terms else { return .overflow }
    // Both are in order: merge.
    var sum: [Term] = []
    sum.reserveCapacity(p.count + q.count)
    var (i, j) = (0, 0)
    while i < p.count, j < q.count {
      let order = Term.order(p[i].factors, q[j].factors)
      if order == 0 {
        let (c, overflow) = p[i].coefficient.addingReportingOverflow(q[j].coefficient)
        if overflow { return .overflow }
        sum.append(Term(factors: p[i].factors, coefficient: c))
      } else {
        sum.append(order < 0 ? p[i] : q[j])
      }
      if order <= 0 { i += 1 }
      if order >= 0 { j += 1 }
    }
    return Dimension(sum: sum + p[i...] + q[j...])
  }

  public static func * (a: Dimension, b: Dimension) -> Dimension {
    if case .number(let x) = a.form, case .number(let y) = b.form {
      let (product, overflow) = x.multipliedReportingOverflow(by: y)
      return overflow ? .overflow : Dimension(product)
    }
    if a.value == 1 { return b }
    if b.value == 1 { return a }
    guard let p = a.terms, let q = b.terms else { return .overflow }
    var product: [[Atom]: Int] = [:]
    for s in p {
      for t in q {
        let factors = (s.factors + t.factors).sorted { Atom.order($0, $1) < 0 }
        let (c, o1) = s.coefficient.multipliedReportingOverflow(by: t.coefficient)
        let (sum, o2) = product[factors, default: 0].addingReportingOverflow(c)
        if o1 || o2 { return .overflow }
        product[factors] = sum
      }
    }
    return Dimension(sum: product.map { Term(factors: $0, coefficient: $1) })
  }

  public static func - (a: Dimension, b: Dimension) -> Dimension { a + Dimension(-1) * b }

  /// Floor division. Division by the number 0 has no value.
  public static func / (a: Dimension, b: Dimension) -> Dimension {
    if b.value == 0 { return .overflow }
    if case .number(let x) = a.form, case .number(let y) = b.form {
      let (quotient, overflow) = x.dividedReportingOverflow(by: y)
      if overflow { return .overflow }
      return Dimension(x % y != 0 && (x < 0) != (y < 0) ? quotient - 1 : quotient)
    }
    if b.value == 1 { return a }
    if a == b { return 1 }
    guard let p = a.terms, let q = b.terms else { return .overflow }
    if let divisor = b.value, divisor > 1 { return quotient(p, divisor) }
    if q.count == 1 {  // exact when every term is divisible
      var result: [Term] = []
      for term in p {
        guard let part = term.divided(by: q[0]) else { return Dimension(.quotient, a, b) }
        result.append(part)
      }
      return Dimension(sum: result)
    }
    return Dimension(.quotient, a, b)
  }

  /// `(k·d + r) / d` is `k + r / d`; a quotient of a quotient is one.
  private static func quotient(_ terms: [Term], _ divisor: Int) -> Dimension {
    var whole: [Term] = []
    var rest: [Term] = []
    for term in terms {
      let remainder = term.coefficient % divisor
      let left = remainder < 0 ? remainder + divisor : remainder
      // Only the number and what divides without remainder: `3n / 2` is not `n + n / 2` to a reader.
      if left == 0 || term.factors.isEmpty {
        guard let floor = (Dimension(term.coefficient) / Dimension(divisor)).value else { return .overflow }
        whole.append(Term(factors: term.factors, coefficient: floor))
        if left != 0 { rest.append(Term(factors: [], coefficient: left)) }
      } else {
        rest.append(term)
      }
    }
    let sum = Dimension(sum: whole)
    let remainder = Dimension(sum: rest)
    if let number = remainder.value { return sum + Dimension(number) / Dimension(divisor) }
    if let (a, b) = remainder.operands(of: .quotient), let inner = b.value, inner > 0,
      case (let product, false) = inner.multipliedReportingOverflow(by: divisor)
    {
      return sum + a / Dimension(product)
    }
    return sum + Dimension(.quotient, remainder, Dimension(divisor))
  }

  public static func max(_ a: Dimension, _ b: Dimension) -> Dimension {
    if let x = a.value, let y = b.value { return Dimension(Swift.max(x, y)) }
    if a == b { return a }
    let difference = (a - b).bounds
    if let lower = difference.lower, lower >= 0 { return a }
    if let upper = difference.upper, upper <= 0 { return b }
    guard a.form != .overflow, b.form != .overflow else { return .overflow }
    for (x, y) in [(a, b), (b, a)] {
      if let (p, q) = x.operands(of: .maximum), p == y || q == y { return x }
    }
    // The larger by order first, and without a number of its own, so that equal maxima look the same.
    let (x, y) = order(a, b) < 0 ? (b, a) : (a, b)
    let shift = Dimension(x.constantTerm)
    return Dimension(.maximum, x - shift, y - shift) + shift
  }

  public static func min(_ a: Dimension, _ b: Dimension) -> Dimension {
    if let x = a.value, let y = b.value { return Dimension(Swift.min(x, y)) }
    let difference = (a - b).bounds
    if let lower = difference.lower, lower >= 0 { return b }
    if let upper = difference.upper, upper <= 0 { return a }
    return a + b - max(a, b)
  }

  /// The length to which two lengths broadcast, of which one is 1 or both are the same.
  static func broadcast(_ a: Dimension, _ b: Dimension) -> Dimension {
    if a == b || b.value == 1 { return a }
    if a.value == 1 || b.value != nil { return b }
    if a.value != nil { return a }
    guard a.form != .overflow, b.form != .overflow else { return .overflow }
    for (x, y) in [(a, b), (b, a)] {
      if let (p, q) = x.operands(of: .broadcast), p == y || q == y { return x }
    }
    return order(a, b) < 0 ? Dimension(.broadcast, b, a) : Dimension(.broadcast, a, b)
  }

  /// This dimension with the given symbols replaced by numbers. Symbols without a name stay.
  public func substituting(_ bindings: [String: Int]) -> Dimension {
    guard case .expression(let expression) = form else { return self }
    var sum = Dimension(0)
    for term in expression.terms {
      var product = Dimension(term.coefficient)
      for atom in term.factors { product = product * atom.substituting(bindings) }
      sum = sum + product
    }
    return sum
  }
}

extension Dimension.Atom {
  // As deep as calls are nested, which is bounded.
  fileprivate func substituting(_ bindings: [String: Int]) -> Dimension {
    switch self {
    case .symbol(let name): bindings[name].map { Dimension($0) } ?? .symbol(name)
    case .opaque: Dimension(sum: [Dimension.Term(factors: [self], coefficient: 1)])
    case .call(let function, let a, let b):
      switch function {
      case .quotient: a.substituting(bindings) / b.substituting(bindings)
      case .maximum: .max(a.substituting(bindings), b.substituting(bindings))
      case .broadcast: .broadcast(a.substituting(bindings), b.substituting(bindings))
      }
    }
  }
}

extension Dimension.Term {
  /// The quotient, if there is no remainder whatever the symbols are.
  fileprivate func divided(by divisor: Dimension.Term) -> Dimension.Term? {
    guard coefficient.isMultiple(of: divisor.coefficient) else { return nil }
    let (quotient, overflow) = coefficient.dividedReportingOverflow(by: divisor.coefficient)
    guard !overflow else { return nil }
    var rest = factors
    for atom in divisor.factors {
      guard let i = rest.firstIndex(of: atom) else { return nil }
      rest.remove(at: i)
    }
    return Dimension.Term(factors: rest, coefficient: quotient)
  }
}

extension Dimension: CustomStringConvertible {
  public var description: String {
    switch form {
    case .number(let value): return "\(value)"
    case .overflow: return "overflow"
    case .expression(let expression):
      let terms = expression.terms.map { term in
        let names = term.factors.map(\.description)
        let factors = Set(names).sorted().map { name in
          let power = names.count { $0 == name }
          return power == 1 ? name : "\(name)^\(power)"
        }
        if factors.isEmpty { return "\(term.coefficient)" }
        let coefficient = term.coefficient == 1 ? "" : term.coefficient == -1 ? "-" : "\(term.coefficient)*"
        return coefficient + factors.joined(separator: "*")
      }
      return terms.sorted { ($0.count, $0) > ($1.count, $1) }.joined(separator: "+").replacing("+-", with: "-")
    }
  }
}

extension Dimension.Atom: CustomStringConvertible {
  var description: String {
    switch self {
    case .symbol(let name): name
    case .opaque(let low, _, _): "?" + String(low % 1_000_000, radix: 36)
    case .call(.quotient, let a, let b): "(\(a))/(\(b))"
    case .call(.maximum, let a, let b): "max(\(a), \(b))"
    case .call(.broadcast, let a, let b): "broadcast(\(a), \(b))"
    }
  }
}
