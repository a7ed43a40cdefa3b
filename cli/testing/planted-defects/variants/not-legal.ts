import defect from '../../../../runtimes/reference/defects/spans-left-open-on-error.ts'

export default {
  name: 'not-legal',
  does: 'Is called legal, and leaves spans open if a run fails.',
  source: 'no source, because it is a defect',
  parts: defect.parts,
}
