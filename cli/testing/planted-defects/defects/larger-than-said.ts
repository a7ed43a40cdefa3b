import defect from '../../../../runtimes/reference/defects/spans-left-open-on-error.ts'

export default { ...defect, name: 'larger-than-said', smallest: { conversations: 1, answers: 0 } }
