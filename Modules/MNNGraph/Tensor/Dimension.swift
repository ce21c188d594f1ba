/// The length of an axis: a number, or an expression over named symbols such as `batch` or `4*seq + 1`.
///
/// Expressions are kept in normal form (a polynomial over symbols and indivisible quotients), so equal expressions compare
/// equal. Arithmetic that overflows gives a dimension that is not a number and has no value.
public struct Dimension: Hashable, Sendable, ExpressibleByIntegerLiteral {
  /// What a polynomial is made of besides numbers.
  enum Atom: Hashable, Sendable {
    case symbol(String)
    /// Floor division of one dimension by another.
    indirect case quotient(Dimension, Dimension)
    indirect case maximum(Dimension, Dimension)
  }

  /// Products of atoms (with repetition, order ignored) and their coefficients; the empty product is the number.
  struct Polynomial: Hashable, Sendable {
    var terms: [[Atom: Int]: Int]
  }

  enum Form: Hashable, Sendable {
    case number(Int)
    case polynomial(Polynomial)
    case overflow
  }

  let form: Form

  init(form: Form) { self.form = form }

  public init(_ value: Int) { form = .number(value) }
  public init(integerLiteral value: Int) { form = .number(value) }

  /// A length that is known only by name.
  public static func symbol(_ name: String) -> Dimension {
    Dimension(form: .polynomial(Polynomial(terms: [[.symbol(name): 1]: 1])))
  }

  /// The length, if it is a number.
  // Inlined into the condition of a `guard`, it makes the optimiser of Swift 6.3.1 crash (CopyPropagation).
  @inline(never)
  public var value: Int? {
    if case .number(let value) = form { value } else { nil }
  }

  /// The name, if it is exactly one symbol.
  public var symbolName: String? {
    guard case .polynomial(let p) = form, p.terms.count == 1, let term = p.terms.first, term.value == 1,
      term.key.count == 1, let factor = term.key.first, factor.value == 1, case .symbol(let name) = factor.key
    else { return nil }
    return name
  }

  private init(_ polynomial: Polynomial) {
    let terms = polynomial.terms.filter { $0.value != 0 }
    if terms.isEmpty {
      form = .number(0)
    } else if terms.count == 1, let constant = terms[[:]] {
      form = .number(constant)
    } else {
      form = .polynomial(Polynomial(terms: terms))
    }
  }

  private var polynomial: Polynomial? {
    switch form {
    case .number(let value): Polynomial(terms: value == 0 ? [:] : [[:]: value])
    case .polynomial(let p): p
    case .overflow: nil
    }
  }

  public static func + (a: Dimension, b: Dimension) -> Dimension {
    if case .number(let x) = a.form, case .number(let y) = b.form {
      let (sum, overflow) = x.addingReportingOverflow(y)
      return overflow ? Dimension(form: .overflow) : Dimension(sum)
    }
    guard var p = a.polynomial, let q = b.polynomial else { return Dimension(form: .overflow) }
    for (key, coefficient) in q.terms {
      let (sum, overflow) = (p.terms[key] ?? 0).addingReportingOverflow(coefficient)
      if overflow { return Dimension(form: .overflow) }
      p.terms[key] = sum
    }
    return Dimension(p)
  }

  public static func * (a: Dimension, b: Dimension) -> Dimension {
    if case .number(let x) = a.form, case .number(let y) = b.form {
      let (product, overflow) = x.multipliedReportingOverflow(by: y)
      return overflow ? Dimension(form: .overflow) : Dimension(product)
    }
    guard let p = a.polynomial, let q = b.polynomial else { return Dimension(form: .overflow) }
    var product = Polynomial(terms: [:])
    for (k1, c1) in p.terms {
      for (k2, c2) in q.terms {
        let key = k1.merging(k2) { $0 &+ $1 }
        let (c, o1) = c1.multipliedReportingOverflow(by: c2)
        let (sum, o2) = (product.terms[key] ?? 0).addingReportingOverflow(c)
        if o1 || o2 { return Dimension(form: .overflow) }
        product.terms[key] = sum
      }
    }
    return Dimension(product)
  }

  public static func - (a: Dimension, b: Dimension) -> Dimension { a + Dimension(-1) * b }

  /// Floor division. Division by the number 0 has no value.
  public static func / (a: Dimension, b: Dimension) -> Dimension {
    if b.value == 0 { return Dimension(form: .overflow) }
    if case .number(let x) = a.form, case .number(let y) = b.form {
      let (quotient, overflow) = x.dividedReportingOverflow(by: y)
      if overflow { return Dimension(form: .overflow) }
      return Dimension(x % y != 0 && (x < 0) != (y < 0) ? quotient - 1 : quotient)
    }
    if b.value == 1 { return a }
    if a == b { return 1 }
    guard let p = a.polynomial, let q = b.polynomial else { return Dimension(form: .overflow) }
    if q.terms.count == 1, let divisor = q.terms.first {  // exact when every term is divisible
      var result = Polynomial(terms: [:])
      var exact = true
      for (key, coefficient) in p.terms where exact {
        var rest = key
        for (atom, power) in divisor.key {
          let left = (rest[atom] ?? 0) - power
          if left < 0 { exact = false } else { rest[atom] = left == 0 ? nil : left }
        }
        if coefficient % divisor.value != 0 { exact = false }
        if exact { result.terms[rest] = coefficient / divisor.value }
      }
      if exact { return Dimension(result) }
    }
    return Dimension(Polynomial(terms: [[.quotient(a, b): 1]: 1]))
  }

  public static func max(_ a: Dimension, _ b: Dimension) -> Dimension {
    if let x = a.value, let y = b.value { return Dimension(Swift.max(x, y)) }
    if a == b { return a }
    return Dimension(Polynomial(terms: [[.maximum(a, b): 1]: 1]))
  }

  /// This dimension with the given symbols replaced by numbers.
  public func substituting(_ bindings: [String: Int]) -> Dimension {
    guard case .polynomial(let p) = form else { return self }
    var sum = Dimension(0)
    for (key, coefficient) in p.terms {
      var product = Dimension(coefficient)
      for (atom, power) in key {
        let factor: Dimension
        switch atom {
        case .symbol(let name): factor = bindings[name].map { Dimension($0) } ?? .symbol(name)
        case .quotient(let a, let b): factor = a.substituting(bindings) / b.substituting(bindings)
        case .maximum(let a, let b): factor = .max(a.substituting(bindings), b.substituting(bindings))
        }
        for _ in 0..<power { product = product * factor }
      }
      sum = sum + product
    }
    return sum
  }
}

extension Dimension: CustomStringConvertible {
  public var description: String {
    switch form {
    case .number(let value): return "\(value)"
    case .overflow: return "overflow"
    case .polynomial(let p):
      let terms = p.terms.map { key, coefficient in
        let factors = key.map { atom, power in
          let text =
            switch atom {
            case .symbol(let name): name
            case .quotient(let a, let b): "(\(a))/(\(b))"
            case .maximum(let a, let b): "max(\(a), \(b))"
            }
          return power == 1 ? text : "\(text)^\(power)"
        }.sorted()
        if factors.isEmpty { return "\(coefficient)" }
        return (coefficient == 1 ? "" : coefficient == -1 ? "-" : "\(coefficient)*") + factors.joined(separator: "*")
      }
      return terms.sorted { ($0.count, $0) > ($1.count, $1) }.joined(separator: "+").replacing("+-", with: "-")
    }
  }
}
