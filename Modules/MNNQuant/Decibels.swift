#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A ratio of energies in decibels; infinite if nothing changed.
func decibels(signal: Double, noise: Double) -> Double { noise > 0 ? 10 * log10(signal / noise) : .infinity }

/// The ratio of energies that so many decibels are.
func energyRatio(decibels: Double) -> Double { pow(10, decibels / 10) }
