import { copyText } from './copy-text.ts'

const copied = document.getElementById('copied')
for (const button of document.querySelectorAll<HTMLButtonElement>('button[data-copies]')) {
  button.addEventListener('click', () => void copyFrom(button.dataset.copies ?? ''))
}

async function copyFrom(id: string): Promise<void> {
  const source = document.getElementById(id)
  if (!source || !copied) return
  const done = await copyText(source)
  copied.textContent = done === 'copied' ? 'Copied.' : 'Selected: copy it with your keyboard.'
}
