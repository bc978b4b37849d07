import type { Language } from './language.ts'
import { danish } from './languages/da.ts'
import { german } from './languages/de.ts'
import { english } from './languages/en.ts'
import { spanish } from './languages/es.ts'
import { french } from './languages/fr.ts'
import { italian } from './languages/it.ts'
import { japanese } from './languages/ja.ts'
import { korean } from './languages/ko.ts'
import { dutch } from './languages/nl.ts'
import { polish } from './languages/pl.ts'
import { portuguese } from './languages/pt.ts'
import { russian } from './languages/ru.ts'
import { swedish } from './languages/sv.ts'
import { turkish } from './languages/tr.ts'
import { chinese } from './languages/zh.ts'

/** Every language that links and codes are known in. A mail may hold several: all are looked for at once. */
export const languages: readonly Language[] = [
  english,
  german,
  french,
  spanish,
  italian,
  portuguese,
  polish,
  japanese,
  dutch,
  swedish,
  danish,
  russian,
  turkish,
  chinese,
  korean,
]
