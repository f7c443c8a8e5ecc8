/** Connects the pictures of an attempt with its table: what the pointer is on in one of them is marked in the other. */
import { picture } from './timeline-svg.ts'

const { width, left, right } = picture

/**
 * A pointer on a picture shows the time there, and marks the row of the last event until then. A pointer on a row marks its time in the
 * pictures. If a picture is wider than the screen, it is scrolled to the window, and the names of its lanes stay in view.
 * The times of rows have two decimals, so the time of the last row may be just after the end of the picture.
 */
export const cursorScript = `
const clear=()=>{for(const old of document.querySelectorAll('.cursor'))old.remove();for(const row of document.querySelectorAll('tr.now'))row.classList.remove('now')}
const timeOf=(row)=>Number(row.cells[0].textContent)
const rowsOf=(attempt)=>[...attempt.querySelectorAll('.events tbody tr')].filter(({cells})=>cells.length===4)
const draw=(picture,time)=>{
  const from=Number(picture.dataset.from),to=Number(picture.dataset.to)
  if(time<from-0.01||time>to+0.01)return
  const x=${left}+(time-from)/(to-from)*${right - left},isLate=x>${(left + right) / 2}
  picture.insertAdjacentHTML('beforeend','<g class="cursor"><path/><text/></g>')
  const cursor=picture.lastElementChild,[line,label]=cursor.children
  const{height}=picture.viewBox.baseVal
  line.setAttribute('d','M'+x+' 0V'+height)
  label.setAttribute('y',height-7)
  label.setAttribute('x',x+(isLate?-4:4))
  label.setAttribute('text-anchor',isLate?'end':'start')
  label.textContent=(time-picture.dataset.zero).toFixed(2)+' ms'
}
const point=({target,clientX})=>{
  clear()
  const attempt=target.closest?.('details.attempt'),on=target.closest?.('svg[data-from]'),row=target.closest?.('.events tbody tr')
  if(!attempt||!(on||row?.cells.length===4))return
  const{left:begin,width:wide}=on?on.getBoundingClientRect():{}
  const from=Number(on?.dataset.from),to=Number(on?.dataset.to)
  const part=(((clientX-begin)/wide)*${width}-${left})/${right - left}
  const time=on?from+Math.min(1,Math.max(0,part))*(to-from):timeOf(row)
  const marked=row??rowsOf(attempt).findLast((each)=>timeOf(each)<=time)
  marked?.classList.add('now')
  for(const picture of attempt.querySelectorAll('svg[data-from]'))draw(picture,time)
}
addEventListener('pointermove',point)
addEventListener('pointerdown',point)
addEventListener('scroll',({target})=>{
  const picture=target.querySelector?.(':scope>svg[data-from]')
  picture?.querySelector('.names').setAttribute('transform','translate('+target.scrollLeft*${width}/picture.clientWidth+')')
},true)
const toWindow=(attempt)=>{
  for(const picture of attempt.querySelectorAll('svg[data-from]')){
    const start=picture.querySelector('.window')?.x.baseVal.value
    if(start)picture.parentElement.scrollLeft=(start-${left}-20)*picture.clientWidth/${width}
  }
}
addEventListener('toggle',({target})=>{if(target.open&&target.matches('.attempt'))toWindow(target)},true)
for(const attempt of document.querySelectorAll('details.attempt[open]'))toWindow(attempt)
`
