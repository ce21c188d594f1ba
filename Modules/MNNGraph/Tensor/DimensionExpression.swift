extension Dimension {
  /// What an expression is made of besides numbers.
  enum Atom: Hashable, Sendable {
    case symbol(String)
    /// An expression that grew too large to be kept, by its fingerprint: equal expressions give equal atoms.
    case opaque(UInt64, UInt64, isNatural: Bool)
    case call(Function, Dimension, Dimension)
  }

  /// A function of two lengths.
  enum Function: Int, Hashable, Sendable {
    /// Floor division.
    case quotient
    case maximum
    /// The length to which two broadcast: the other if one is 1, else either, as they are equal.
    case broadcast
  }

  /// A product of atoms, with repetition, in order, and how often it is taken, never 0. The empty product is the number.
  struct Term: Hashable, Sendable {
    var factors: [Atom]
    var coefficient: Int
  }

  /// A sum of terms in normal form: the terms in order, no product twice, not a single number.
  ///
  /// Immutable and shared. Its size is bounded, and with it the cost and the depth of everything that walks through it.
  final class Expression: Hashable, Sendable {
    let terms: [Term]
    /// Atoms and numbers, those of operands included.
    let size: Int
    /// How deep calls are nested.
    let depth: Int
    private let fingerprint: (UInt64, UInt64)

    /// What grows beyond is a symbol that says no more than what equals it.
    private static let sizeLimit = 48
    private static let depthLimit = 8

    private init(_ terms: [Term], size: Int, depth: Int) {
      self.terms = terms
      self.size = size
      self.depth = depth
      func hash(_ salt: UInt64) -> UInt64 {
        var hasher = Hasher()
        hasher.combine(salt)
        hasher.combine(terms)
        return UInt64(bitPattern: Int64(hasher.finalize()))
      }
      fingerprint = (hash(0), hash(1))
    }

    /// The sum of terms in normal form, or the opaque symbol that stands for it.
    static func bounded(_ terms: [Term]) -> Expression {
      var size = 0
      var depth = 0
      for term in terms {
        size += 1 + term.factors.count
        for case .call(_, let a, let b) in term.factors {
          size += a.size + b.size
          depth = Swift.max(depth, 1 + a.depth, 1 + b.depth)
        }
      }
      let expression = Expression(terms, size: size, depth: depth)
      guard size > sizeLimit || depth > depthLimit else { return expression }
      let (low, high) = expression.fingerprint
      let isNatural = expression.bounds.lower.map { $0 >= 0 } ?? false
      return Expression([Term(factors: [.opaque(low, high, isNatural: isNatural)], coefficient: 1)], size: 2, depth: 0)
    }

    static func == (a: Expression, b: Expression) -> Bool {
      a === b || (a.fingerprint == b.fingerprint && a.terms == b.terms)
    }

    func hash(into hasher: inout Hasher) {
      hasher.combine(fingerprint.0)
      hasher.combine(fingerprint.1)
    }

    /// Numbers between which the value lies, lengths being at least 0; nil for no bound.
    var bounds: Bounds { terms.reduce(Bounds(0)) { $0 + $1.bounds } }
  }

  /// Atoms and numbers that it is made of.
  var size: Int { if case .expression(let e) = form { e.size } else { 1 } }
  private var depth: Int { if case .expression(let e) = form { e.depth } else { 0 } }

  /// See ``Expression/bounds``.
  var bounds: Bounds {
    switch form {
    case .number(let value): Bounds(value)
    case .expression(let expression): expression.bounds
    case .overflow: Bounds(lower: nil, upper: nil)
    }
  }

  /// The dimension that a sum of terms comes to, none twice but in any order.
  init(sum terms: [Term]) {
    let terms = terms.filter { $0.coefficient != 0 }
    if terms.isEmpty {
      form = .number(0)
    } else if terms.count == 1, terms[0].factors.isEmpty {
      form = .number(terms[0].coefficient)
    } else {
      form = .expression(.bounded(terms.sorted { Term.order($0.factors, $1.factors) < 0 }))
    }
  }

  /// The function of two lengths that is no simpler expression.
  init(_ function: Function, _ a: Dimension, _ b: Dimension) {
    form = .expression(.bounded([Term(factors: [.call(function, a, b)], coefficient: 1)]))
  }

  /// Its terms in order; nil if it has no value.
  var terms: [Term]? {
    switch form {
    case .number(let value): value == 0 ? [] : [Term(factors: [], coefficient: value)]
    case .expression(let expression): expression.terms
    case .overflow: nil
    }
  }

  /// The number in the sum.
  var constantTerm: Int { terms?.first { $0.factors.isEmpty }?.coefficient ?? 0 }

  /// The operands, if it is a call of `function` and nothing else.
  func operands(of function: Function) -> (Dimension, Dimension)? {
    guard case .expression(let e) = form, e.terms.count == 1, e.terms[0].coefficient == 1, e.terms[0].factors.count == 1,
      case .call(function, let a, let b) = e.terms[0].factors[0]
    else { return nil }
    return (a, b)
  }
}

// MARK: Order

extension Dimension {
  /// Below 0, 0 or above 0 as `a` comes before, is, or comes after `b`: an order without meaning that makes forms normal.
  static func order(_ a: Dimension, _ b: Dimension) -> Int {
    switch (a.form, b.form) {
    case (.number(let x), .number(let y)): return x < y ? -1 : x > y ? 1 : 0
    case (.expression(let x), .expression(let y)):
      if x === y { return 0 }
      for (s, t) in zip(x.terms, y.terms) {
        let order = Term.order(s.factors, t.factors)
        if order != 0 { return order }
        if s.coefficient != t.coefficient { return s.coefficient < t.coefficient ? -1 : 1 }
      }
      return x.terms.count - y.terms.count
    default: return a.kind - b.kind
    }
  }

  private var kind: Int {
    switch form {
    case .number: 0
    case .expression: 1
    case .overflow: 2
    }
  }
}

extension Dimension.Term {
  static func order(_ a: [Dimension.Atom], _ b: [Dimension.Atom]) -> Int {
    for (x, y) in zip(a, b) {
      let order = Dimension.Atom.order(x, y)
      if order != 0 { return order }
    }
    return a.count - b.count
  }
}

extension Dimension.Atom {
  static func order(_ a: Dimension.Atom, _ b: Dimension.Atom) -> Int {
    switch (a, b) {
    case (.symbol(let x), .symbol(let y)): return x == y ? 0 : x < y ? -1 : 1
    case (.opaque(let x0, let x1, _), .opaque(let y0, let y1, _)): return (x0, x1) == (y0, y1) ? 0 : (x0, x1) < (y0, y1) ? -1 : 1
    case (.call(let f, let x0, let x1), .call(let g, let y0, let y1)):
      if f != g { return f.rawValue - g.rawValue }
      let order = Dimension.order(x0, y0)
      return order != 0 ? order : Dimension.order(x1, y1)
    default: return a.kind - b.kind
    }
  }

  private var kind: Int {
    switch self {
    case .symbol: 0
    case .opaque: 1
    case .call: 2
    }
  }
}

// MARK: Bounds

/// Numbers between which a value lies, both included; nil for no bound.
struct Bounds {
  var lower: Int?
  var upper: Int?

  init(lower: Int?, upper: Int?) {
    self.lower = lower
    self.upper = upper
  }

  init(_ value: Int) { self.init(lower: value, upper: value) }

  static func + (a: Bounds, b: Bounds) -> Bounds {
    Bounds(
      lower: checked(a.lower, b.lower) { $0.addingReportingOverflow($1) },
      upper: checked(a.upper, b.upper) { $0.addingReportingOverflow($1) })
  }

  /// The product of values that are both at least 0, or has no bounds.
  static func * (a: Bounds, b: Bounds) -> Bounds {
    guard let x = a.lower, let y = b.lower, x >= 0, y >= 0 else { return Bounds(lower: nil, upper: nil) }
    return Bounds(
      lower: checked(x, y) { $0.multipliedReportingOverflow(by: $1) } ?? 0,
      upper: checked(a.upper, b.upper) { $0.multipliedReportingOverflow(by: $1) })
  }

  static func * (a: Bounds, factor: Int) -> Bounds {
    let ends = [a.lower, a.upper].map { checked($0, factor) { $0.multipliedReportingOverflow(by: $1) } }
    return factor < 0 ? Bounds(lower: ends[1], upper: ends[0]) : Bounds(lower: ends[0], upper: ends[1])
  }

  private static func checked(_ a: Int?, _ b: Int?, _ operation: (Int, Int) -> (Int, Bool)) -> Int? {
    guard let a, let b, case (let result, false) = operation(a, b) else { return nil }
    return result
  }
}

extension Dimension.Term {
  fileprivate var bounds: Bounds {
    guard let first = factors.first else { return Bounds(coefficient) }
    return factors.dropFirst().reduce(first.bounds) { $0 * $1.bounds } * coefficient
  }
}

extension Dimension.Atom {
  fileprivate var bounds: Bounds {
    switch self {
    case .symbol: return Bounds(lower: 0, upper: nil)
    case .opaque(_, _, let isNatural): return Bounds(lower: isNatural ? 0 : nil, upper: nil)
    case .call(let function, let a, let b):
      let (x, y) = (a.bounds, b.bounds)
      switch function {
      case .quotient:
        guard let divisor = b.value, divisor > 0 else {
          return Bounds(lower: (x.lower ?? -1) >= 0 && (y.lower ?? -1) >= 0 ? 0 : nil, upper: nil)
        }
        func quotient(_ value: Int?) -> Int? { value.flatMap { (Dimension($0) / Dimension(divisor)).value } }
        return Bounds(lower: quotient(x.lower), upper: quotient(x.upper))
      case .maximum:
        let upper = x.upper.flatMap { u in y.upper.map { Swift.max(u, $0) } }
        return Bounds(lower: [x.lower, y.lower].compactMap { $0 }.max(), upper: upper)
      case .broadcast:
        let lower = x.lower.flatMap { l in y.lower.map { Swift.min(l, $0) } }
        let upper = x.upper.flatMap { u in y.upper.map { Swift.max(u, $0) } }
        return Bounds(lower: lower, upper: upper)
      }
    }
  }
}
